/** `nidus://app`: the only origin the window knows. */
import { protocol, type CustomScheme } from 'electron';
import type { App } from '#main/app.ts';
import { withSecurityHeaders } from '../security-headers.ts';

const name = 'nidus';
const host = 'app';

export const frontPage = `${name}://${host}/`;

/** A real origin (storage, relative addresses, fetch, streams), trusted as https is, with no way round the policy. */
export const scheme: CustomScheme = {
  scheme: name,
  privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true },
};

/** Whether an address belongs to the application. Compared in parts: `nidus://app.example` must not pass. */
export function isOwnAddress(address: string): boolean {
  const url = URL.parse(address);
  return url !== null && url.protocol === `${name}:` && url.host === host;
}

export function serveScheme(app: Pick<App, 'fetch'>): void {
  protocol.handle(name, async (request) =>
    withSecurityHeaders(
      isOwnAddress(request.url) ? await app.fetch(request) : new Response('Not found\n', { status: 404 }),
    ),
  );
}
