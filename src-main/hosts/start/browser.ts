import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createApp } from '#main/app.ts';
import { installation, rendererFolder, spawnEngine } from '#main/installation.ts';
import { Failure } from '#shared/errors.ts';
import { serve, type BrowserHost } from '../serve.ts';

const preferredPort = 4517;

export interface BrowserHostOptions {
  readonly workspaceFolder: string;
  readonly host: string;
  /** Null: the usual port, or any free one while that is taken. */
  readonly port: number | null;
}

/** Serves the application until the process is told to stop. The last line on standard output is the address. */
export async function runInBrowser(options: BrowserHostOptions): Promise<void> {
  if (!existsSync(join(rendererFolder, 'index.html'))) {
    throw new Failure('not-found', "The window's files are not built yet: run `npx electron-vite build`.");
  }
  const app = await createApp({
    workspaceFolder: options.workspaceFolder,
    host: 'browser',
    rendererFolder,
    installation,
    spawnEngine,
  });
  let host: BrowserHost;
  try {
    host = await serveOn(app, options);
  } catch (error) {
    await app.close();
    throw error;
  }
  const stop = async () => {
    await host.close();
    await app.close();
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => void stop());

  if (process.stdin.isTTY) {
    console.log('Press Enter for another address, Ctrl+C to stop.');
    process.stdin.on('data', () => console.log(host.newUrl())).unref();
  }
  console.log(host.url);
}

async function serveOn(app: Parameters<typeof serve>[0], { host, port }: BrowserHostOptions) {
  if (port !== null) return serve(app, { host, port });
  try {
    return await serve(app, { host, port: preferredPort });
  } catch (error) {
    const code = error instanceof Failure && (error.cause as NodeJS.ErrnoException | undefined)?.code;
    if (code !== 'EADDRINUSE') throw error;
    return serve(app, { host, port: 0 });
  }
}
