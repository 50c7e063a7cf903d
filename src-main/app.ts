import { readFile } from 'node:fs/promises';
import { extname, join, resolve, sep } from 'node:path';
import { RPCHandler } from '@orpc/server/fetch';
import { Hono } from 'hono';
import { routes } from '#shared/routes.ts';
import { resources } from './api/resources.ts';
import { router } from './api/router.ts';
import { createServices, type ServiceOptions, type Services } from './services.ts';

export interface App {
  fetch(request: Request): Promise<Response>;
  readonly services: Services;
  close(): Promise<void>;
}

export interface AppOptions extends ServiceOptions {
  /** The built renderer; null in the terminal. */
  readonly rendererFolder: string | null;
}

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
};

/** The window's own files; an address without a file is a view, so it gets the one page. */
async function rendererFile(folder: string, pathname: string): Promise<Response> {
  const root = resolve(folder);
  const path = resolve(root, `.${decodeURIComponent(pathname)}`);
  const isFile = path.startsWith(root + sep) && extname(path) in contentTypes;
  try {
    const bytes = await readFile(isFile ? path : join(root, 'index.html'));
    const type = contentTypes[isFile ? extname(path) : '.html'] ?? 'application/octet-stream';
    // Built assets carry their hash in the name; the page itself must never be stale.
    const cache = pathname.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
    return new Response(new Uint8Array(bytes), { headers: { 'content-type': type, 'cache-control': cache } });
  } catch {
    return new Response(isFile ? 'Not found' : 'The window has not been built: run "npm run build".', {
      status: 404,
    });
  }
}

/**
 * The application as a fetch handler: the window's files, the RPC, and binary resources. Every host mounts this one
 * function; none of them knows what is behind it.
 * @throws Failure('storage') when the workspace cannot be opened
 */
export async function createApp(options: AppOptions): Promise<App> {
  const services = createServices(options);
  const rpc = new RPCHandler(router);
  const app = new Hono();

  app.use(`${routes.rpc}/*`, async ({ req }, next) => {
    const { matched, response } = await rpc.handle(req.raw, { prefix: routes.rpc, context: { services } });
    return matched ? response : next();
  });
  app.route('/', resources(services));
  app.get('*', ({ req }) =>
    options.rendererFolder === null
      ? new Response('Not found', { status: 404 })
      : rendererFile(options.rendererFolder, req.path),
  );

  services.jobs.start();
  services.watches.start();
  return {
    fetch: async (request) => app.fetch(request),
    services,
    close: () => services.close(),
  };
}
