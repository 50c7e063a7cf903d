import { request, type IncomingHttpHeaders } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { serve, type BrowserHost } from '#main/hosts/serve.ts';

/** A fetch handler that says what reached it; `/events` counts until its reader leaves. */
function listeningApp() {
  const reached: string[] = [];
  const left = Promise.withResolvers<void>();
  let timer: NodeJS.Timeout | undefined;
  return {
    reached,
    left: left.promise,
    async fetch(request: Request): Promise<Response> {
      const { pathname } = new URL(request.url);
      reached.push(`${request.method} ${pathname}`);
      if (pathname === '/upload') {
        let bytes = 0;
        for await (const chunk of request.body ?? []) bytes += chunk.length;
        return Response.json({ bytes });
      }
      if (pathname !== '/events') return new Response(`hello from ${pathname}`);
      let count = 0;
      const events = new ReadableStream<Uint8Array>({
        start(controller) {
          timer = setInterval(() => controller.enqueue(Buffer.from(`data: ${count++}\n\n`)), 10);
        },
        cancel() {
          clearInterval(timer);
          left.resolve();
        },
      });
      return new Response(events, { headers: { 'content-type': 'text/event-stream' } });
    },
  };
}

let host: BrowserHost | undefined;
afterEach(async () => {
  await host?.close();
  host = undefined;
});

async function started(options = { host: '127.0.0.1', port: 0 }) {
  const app = listeningApp();
  host = await serve(app, options);
  return { app, url: new URL(host.url), host };
}

async function openedBy(url: URL) {
  const response = await fetch(url, { redirect: 'manual' });
  return (response.headers.get('set-cookie') ?? '').split(';', 1)[0] ?? '';
}

/** Sends headers that `fetch` would not let us choose. */
function raw(url: URL, headers: Record<string, string>, method = 'GET') {
  return new Promise<{ status: number; headers: IncomingHttpHeaders; body: string }>((resolve, reject) => {
    request(url, { method, headers }, async (response) => {
      let body = '';
      for await (const chunk of response) body += chunk;
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
    })
      .on('error', reject)
      .end();
  });
}

test('the printed address opens one browser: it sets a session cookie and goes to the front page', async () => {
  const { app, url } = await started();
  expect(url.href).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{43}$/);

  const first = await fetch(url, { redirect: 'manual' });
  expect([first.status, first.headers.get('location')]).toEqual([303, '/']);
  expect(first.headers.get('set-cookie')).toMatch(
    /^nidus-session-\d+=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/,
  );
  expect(app.reached).toEqual([]);

  const cookie = (first.headers.get('set-cookie') ?? '').split(';', 1)[0] ?? '';
  const front = await fetch(new URL('/', url), { headers: { cookie } });
  expect([front.status, await front.text()]).toEqual([200, 'hello from /']);
});

test('without a session there is a page that says where the address is, and nothing else', async () => {
  const { app, url } = await started();
  for (const path of [
    '/',
    '/studies',
    '/rpc/studies/list',
    '/pixels/1',
    '/?token=guessed',
    '/pixels/1?token=x',
  ]) {
    const response = await fetch(new URL(path, url));
    expect(response.status).toBe(401);
    expect(await response.text()).toContain('Open the address that Nidus printed');
  }
  const wrong = await fetch(new URL('/', url), { headers: { cookie: 'nidus-session=x; other' } });
  expect(wrong.status).toBe(401);
  expect(app.reached).toEqual([]);
});

test('a token works once; the browser it opened may open the address again', async () => {
  const { url, host } = await started();
  const cookie = await openedBy(url);
  expect((await fetch(url, { redirect: 'manual' })).status).toBe(401);

  const again = await fetch(url, { redirect: 'manual', headers: { cookie } });
  expect([again.status, again.headers.get('location')]).toEqual([303, '/']);

  const another = new URL(host.newUrl());
  expect(another.href).not.toBe(url.href);
  expect(await openedBy(another)).not.toBe(cookie);
});

test('looking at the address with HEAD does not use it up', async () => {
  const { url } = await started();
  expect((await fetch(url, { method: 'HEAD' })).status).toBe(401);
  expect(await openedBy(url)).not.toBe('');
});

test('from a link on another site the browser is sent on by a page, since it would hold the cookie back', async () => {
  const { url } = await started();
  const response = await raw(url, { 'sec-fetch-site': 'cross-site' });
  expect(response.status).toBe(200);
  expect(response.headers['set-cookie']).toHaveLength(1);
  expect(response.body).toContain('http-equiv="refresh" content="0;url=/"');
});

test('a name that is not ours is refused, whatever it points at', async () => {
  const { app, url } = await started();
  const cookie = await openedBy(url);
  const front = new URL('/', url);
  for (const host of ['attacker.example', `attacker.example:${url.port}`, '127.0.0.1.attacker.example']) {
    expect(await raw(front, { host, cookie })).toMatchObject({ status: 421 });
  }
  expect(app.reached).toEqual([]);
  // A tunnel has a port of its own.
  for (const host of ['localhost', 'LOCALHOST:8080', '127.0.0.1:9', '[::1]:4517']) {
    expect(await raw(front, { host, cookie })).toMatchObject({ status: 200 });
  }
});

test('what changes something must come from a page of this very address', async () => {
  const { app, url } = await started();
  const cookie = await openedBy(url);
  const target = new URL('/rpc/studies/create', url);
  for (const origin of [undefined, 'null', 'http://attacker.example', 'http://localhost:1', 'nonsense']) {
    const headers = origin === undefined ? { cookie } : { cookie, origin };
    expect(await raw(target, headers, 'POST')).toMatchObject({ status: 403 });
  }
  expect(app.reached).toEqual([]);
  expect(await raw(target, { cookie, origin: url.origin }, 'POST')).toMatchObject({ status: 200 });
});

test('every answer carries the strict headers, the refusals too', async () => {
  const { url } = await started();
  const cookie = await openedBy(url);
  for (const response of [
    await fetch(new URL('/', url)),
    await fetch(new URL('/', url), { headers: { cookie } }),
  ]) {
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self';");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe-eval|script-src[^;]*unsafe-inline|\*/);
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('cross-origin-opener-policy')).toBe('same-origin');
    expect(response.headers.get('cross-origin-resource-policy')).toBe('same-origin');
  }
});

test('request bodies are streamed', async () => {
  const { url } = await started();
  const cookie = await openedBy(url);
  const pieces = 64;
  let sent = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (sent++ === pieces) controller.close();
      else controller.enqueue(new Uint8Array(1 << 16));
    },
  });
  const init = { method: 'PUT', headers: { cookie, origin: url.origin }, body, duplex: 'half' };
  const response = await fetch(new URL('/upload', url), init);
  expect(await response.json()).toEqual({ bytes: pieces << 16 });
});

test('events arrive one by one, and end at the source when the reader leaves', async () => {
  const { app, url } = await started();
  const cookie = await openedBy(url);
  const leaving = new AbortController();
  const response = await fetch(new URL('/events', url), { headers: { cookie }, signal: leaving.signal });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  expect((await reader?.read())?.value).toBe('data: 0\n\n');
  expect((await reader?.read())?.value).toBe('data: 1\n\n');
  leaving.abort();
  await reader?.cancel().catch(() => {});
  await Promise.race([app.left, wait(2000, 'still sending').then(Promise.reject.bind(Promise))]);
});

test('closing ends event streams too', async () => {
  const { app, url, host } = await started();
  const cookie = await openedBy(url);
  const response = await fetch(new URL('/events', url), { headers: { cookie } });
  await response.body?.getReader().read();
  await host.close();
  await app.left;
  await expect(fetch(new URL('/', url))).rejects.toThrow('fetch failed');
});

test('a port in use is one clear sentence', async () => {
  const { url } = await started();
  const port = Number(url.port);
  await expect(serve(listeningApp(), { host: '127.0.0.1', port })).rejects.toMatchObject({
    kind: 'invalid',
    message: `Port ${port} is in use: choose another with --port.`,
  });
});

test('an interface that this machine does not have is one clear sentence', async () => {
  await expect(serve(listeningApp(), { host: '192.0.2.7', port: 0 })).rejects.toMatchObject({
    kind: 'invalid',
    message: 'This machine has no address 192.0.2.7: check --host.',
  });
});
