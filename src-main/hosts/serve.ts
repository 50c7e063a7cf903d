/** Browser host: the application on a local port, for machines without a display and for the end-to-end tests. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';
import { getRequestListener } from '@hono/node-server';
import type { App } from '#main/app.ts';
import { Failure } from '#shared/errors.ts';
import { withSecurityHeaders } from './security-headers.ts';
import { doorkeeper } from './serve/doorkeeper.ts';
import { Sessions } from './serve/sessions.ts';

export interface ServeOptions {
  /** Interface to listen on; a loopback address unless someone asks for more. */
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
}

export interface BrowserHost {
  /** The address that opens Nidus in one browser, once. */
  readonly url: string;
  /** Another such address, for another browser or one that lost its cookie. */
  newUrl(): string;
  /** Stops listening, lets answers under way finish, then cuts what is left (event streams never end by themselves). */
  close(): Promise<void>;
}

const loopbackNames = ['127.0.0.1', 'localhost', '[::1]'];
const closingGrace = 500;

/**
 * Serves the application over HTTP.
 *
 * @throws Failure `invalid` when the port is taken or the interface cannot be had.
 */
export async function serve(app: Pick<App, 'fetch'>, { host, port }: ServeOptions): Promise<BrowserHost> {
  const server = createServer();
  const bound = await listen(server, host, port);
  const names = namesOf(bound, host);

  const sessions = new Sessions();
  const admit = doorkeeper(sessions, new Set([...names, ...loopbackNames]), `nidus-session-${bound.port}`);
  server.on(
    'request',
    getRequestListener(
      async (request) => withSecurityHeaders(admit(request) ?? (await app.fetch(request))),
      // The application sees the platform's own Request and Response, as in every other host.
      { overrideGlobalObjects: false },
    ),
  );
  // An upload may take longer than Node's five minutes; headers still have their own limit.
  server.requestTimeout = 0;

  const newUrl = () => `http://${names[0]}:${bound.port}/?token=${sessions.issueToken()}`;
  return { url: newUrl(), newUrl, close: () => close(server) };
}

function listen(server: Server, host: string, port: number): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(refusal(error, host, port)));
    server.listen({ host, port }, () => {
      const bound = server.address();
      if (bound === null || typeof bound === 'string') reject(new Error('The server has no port.'));
      else resolve(bound);
    });
  });
}

function refusal(error: NodeJS.ErrnoException, host: string, port: number): Error {
  const options = { cause: error };
  switch (error.code) {
    case 'EADDRINUSE':
      return new Failure('invalid', `Port ${port} is in use: choose another with --port.`, options);
    case 'EACCES':
      return new Failure(
        'invalid',
        `Port ${port} needs more rights: choose one above 1023 with --port.`,
        options,
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new Failure('invalid', `This machine has no address ${host}: check --host.`, options);
    default:
      return error;
  }
}

/** What the server may be called in an address, the best first. A server on every interface goes by all of this machine's names. */
function namesOf(bound: AddressInfo, host: string): string[] {
  const bracketed = (address: string) => (address.includes(':') ? `[${address}]` : address);
  if (bound.address !== '0.0.0.0' && bound.address !== '::')
    return [bracketed(bound.address), host.toLowerCase()];
  const own = Object.values(networkInterfaces()).flatMap((interfaces) => interfaces ?? []);
  const outside = own.filter(
    ({ internal, family }) => !internal && (family === 'IPv4' || bound.address === '::'),
  );
  const addresses = outside
    .sort((a, b) => a.family.localeCompare(b.family))
    .map(({ address }) => bracketed(address));
  return [...addresses, hostname().toLowerCase(), ...loopbackNames];
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), closingGrace);
    server.close(() => {
      clearTimeout(cut);
      resolve();
    });
    server.closeIdleConnections();
  });
}
