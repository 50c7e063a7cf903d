import { forwardingPage, lockedPage } from './pages.ts';
import type { Sessions } from './sessions.ts';

const plain = (status: number, sentence: string) =>
  new Response(`${sentence}\n`, { status, headers: { 'content-type': 'text/plain; charset=utf-8' } });

/**
 * Decides whether a request may reach the application: null lets it through, a response is the answer instead.
 *
 * @param hostNames names this server is called by, without port. Any port may stand behind them: an SSH tunnel has its own.
 * @param cookieName cookies do not know ports, so two servers on one machine need different names.
 */
export function doorkeeper(sessions: Sessions, hostNames: ReadonlySet<string>, cookieName: string) {
  return (request: Request): Response | null => {
    const host = (request.headers.get('host') ?? '').toLowerCase();
    // A page of another site can point its own name at 127.0.0.1; the browser then still sends that name.
    if (!hostNames.has(hostName(host))) {
      return plain(421, `Nidus does not answer to the name ${JSON.stringify(host)}.`);
    }

    const reads = request.method === 'GET' || request.method === 'HEAD';
    if (!reads && originHost(request.headers.get('origin')) !== host) {
      return plain(403, 'This request did not come from a page of Nidus.');
    }

    const url = new URL(request.url);
    const token = url.searchParams.get('token');
    if (request.method === 'GET' && url.pathname === '/' && token !== null) {
      const session = sessions.redeem(token);
      if (session !== null) return welcome(request, `${cookieName}=${session}`);
    }

    const session = cookie(request.headers.get('cookie') ?? '', cookieName);
    if (session === null || !sessions.holds(session)) return lockedPage();
    return token === null || url.pathname !== '/' ? null : toFrontPage();
  };
}

function welcome(request: Request, cookiePair: string): Response {
  const fromOtherSite = ['cross-site', 'same-site'].includes(request.headers.get('sec-fetch-site') ?? 'none');
  const response = fromOtherSite ? forwardingPage() : toFrontPage();
  response.headers.set('set-cookie', `${cookiePair}; Path=/; HttpOnly; SameSite=Strict`);
  return response;
}

function toFrontPage(): Response {
  return new Response(null, { status: 303, headers: { location: '/', 'cache-control': 'no-store' } });
}

function originHost(origin: string | null): string | null {
  return origin === null ? null : (URL.parse(origin)?.host ?? null);
}

function hostName(host: string): string {
  return host.replace(/:\d+$/, '');
}

function cookie(header: string, name: string): string | null {
  for (const pair of header.split(';')) {
    const [key, value] = pair.trim().split('=', 2);
    if (key === name && value !== undefined) return value;
  }
  return null;
}
