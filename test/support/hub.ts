/** A local stand-in for the Hugging Face hub: one repository, served as the hub serves it. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

export interface StandInHub {
  readonly address: string;
  /** Asked of every request of a file: may end the connection after some bytes, or change them. */
  misbehave: (path: string) => { breakAfter?: number; spoil?: boolean } | undefined;
  /** Bytes of each file that were sent. */
  readonly sent: ReadonlyMap<string, number>;
  /** What the requests said of themselves. */
  readonly tokens: ReadonlySet<string | undefined>;
  close(): Promise<void>;
}

export const standInCommit = 'c0ffee'.padEnd(40, '0');
/** Files from this size on are listed with their SHA-256, as large files of the hub are. */
const largeFrom = 10_000;

const hashOf = (algorithm: string, ...parts: (string | Uint8Array)[]): string => {
  const hash = createHash(algorithm);
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
};

/** @param token the one token that may read; null lets everybody */
export async function startHub(
  repository: string,
  folder: string,
  token: string | null,
): Promise<StandInHub> {
  const sent = new Map<string, number>();
  const tokens = new Set<string | undefined>();
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));

  const listing = paths.map((path) => {
    const bytes = readFileSync(join(folder, path));
    const oid = hashOf('sha1', `blob ${bytes.byteLength}\0`, bytes);
    const lfs = { oid: hashOf('sha256', bytes), size: bytes.byteLength, pointerSize: 134 };
    return {
      type: 'file',
      path,
      size: bytes.byteLength,
      oid,
      ...(bytes.byteLength >= largeFrom ? { lfs } : {}),
    };
  });

  const json = (response: ServerResponse, value: unknown, status = 200, headers = {}) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(value));
  };

  const sendFile = (request: IncomingMessage, response: ServerResponse, path: string) => {
    const whole = readFileSync(join(folder, path));
    const [, from = '0', to = ''] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
    const end = to === '' ? whole.byteLength - 1 : Math.min(Number(to), whole.byteLength - 1);
    const bytes = Buffer.from(whole.subarray(Number(from), end + 1));
    const asksSize = request.headers.range === 'bytes=0-0';
    const { breakAfter, spoil = false } = (asksSize ? undefined : hub.misbehave(path)) ?? {};
    if (spoil) bytes[0]! ^= 255;
    response.writeHead(request.headers.range ? 206 : 200, {
      etag: '"file"',
      'content-length': bytes.byteLength,
      ...(request.headers.range ? { 'content-range': `bytes ${from}-${end}/${whole.byteLength}` } : {}),
    });
    const part = breakAfter === undefined ? bytes : bytes.subarray(0, breakAfter);
    if (!asksSize) sent.set(path, (sent.get(path) ?? 0) + part.byteLength);
    if (breakAfter === undefined) response.end(part);
    else response.write(part, () => setTimeout(() => response.destroy(), 50));
  };

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://hub');
    const said = request.headers.authorization;
    tokens.add(said);
    if (token !== null && said !== `Bearer ${token}`)
      return json(response, { error: 'Access to model is restricted.' }, said === undefined ? 401 : 403);
    const api = `/api/models/${repository}`;
    if (url.pathname === `${api}/revision/main` || url.pathname === api)
      return json(response, {
        _id: '1',
        id: repository,
        modelId: repository,
        private: false,
        downloads: 0,
        gated: false,
        likes: 0,
        lastModified: '2026-01-01T00:00:00.000Z',
        sha: standInCommit,
      });
    if (url.pathname === `${api}/tree/${standInCommit}`) return json(response, listing);
    const file = decodeURIComponent(url.pathname).slice(`/${repository}/resolve/${standInCommit}/`.length);
    if (paths.includes(file)) return sendFile(request, response, file);
    return json(response, { error: 'Repository not found' }, 404, { 'x-error-code': 'RepoNotFound' });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  const hub: StandInHub = {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    misbehave: () => undefined,
    sent,
    tokens,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return hub;
}
