import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { chooseFiles } from '#main/models/hub/choose-files.ts';
import { openHub } from '#main/models/hub/hub.ts';
import { checkToken, tokenInMemory } from '#main/models/hub/token.ts';
import { createRandom } from '#shared/random.ts';
import { standInCommit, startHub } from '../../support/hub.ts';
import { temporaryFolder } from '../../support/temporary.ts';

const repository = 'someone/vit-tiny';
const size = 300_000;
const token = 'hf_standsInForAToken';

async function repositoryFolder() {
  const folder = join(await temporaryFolder(), 'published');
  await mkdir(folder);
  const random = createRandom(1);
  await writeFile(join(folder, 'config.json'), '{"model_type":"dinov2"}');
  await writeFile(join(folder, 'LICENSE'), 'Apache');
  await writeFile(join(folder, 'README.md'), 'not wanted');
  const weights = Uint8Array.from({ length: size }, () => random.integer(256));
  await writeFile(join(folder, 'model.safetensors'), weights);
  return folder;
}

const request = { repository, revision: 'main', precision: 'fp32' } as const;
const never = new AbortController().signal;

async function opened(wanted: string | null = null, given: string | null = null) {
  const server = await startHub(repository, await repositoryFolder(), wanted);
  onTestFinished(() => server.close());
  const keeper = tokenInMemory({});
  keeper.write(given);
  const folder = join(await temporaryFolder(), 'arrived');
  return { server, hub: openHub(server.address, keeper), folder };
}

test('fetches what makes a model, of the commit the revision stood for, and checks it', async () => {
  const { hub, folder } = await opened();
  const snapshot = await hub.look(request, never);
  expect(snapshot.commit).toBe(standInCommit);
  const steps: number[] = [];
  await hub.fetch(snapshot, folder, never, ({ done, total }) => steps.push(done / total));
  expect((await readdir(folder)).sort()).toEqual(['LICENSE', 'config.json', 'model.safetensors']);
  const arrived = await readFile(join(folder, 'model.safetensors'));
  const { hash } = snapshot.files.find(({ path }) => path === 'model.safetensors')!;
  expect(createHash('sha256').update(arrived).digest('hex')).toBe(hash.value);
  expect(steps.at(-1)).toBe(1);
  expect(steps).toEqual(steps.toSorted((a, b) => a - b));
});

test('goes on where the line broke', { timeout: 20_000 }, async () => {
  const { server, hub, folder } = await opened();
  let breaks = 2;
  server.misbehave = (path) =>
    path === 'model.safetensors' && breaks-- > 0 ? { breakAfter: 100_000 } : undefined;
  await hub.fetch(await hub.look(request, never), folder, never, () => {});
  expect(breaks).toBeLessThan(1);
  // What was under way when the line broke may be sent again, the whole is not.
  expect(server.sent.get('model.safetensors')).toBeLessThan(size + 150_000);
});

test('keeps what has arrived when it is cancelled, and goes on with it the next time', async () => {
  const { server, hub, folder } = await opened();
  const snapshot = await hub.look(request, never);
  const controller = new AbortController();
  server.misbehave = (path) => (path === 'model.safetensors' ? { breakAfter: 120_000 } : undefined);
  const fetching = hub.fetch(snapshot, folder, controller.signal, ({ done }) => {
    if (done > 100_000) controller.abort();
  });
  await expect(fetching).rejects.toMatchObject({ kind: 'cancelled' });
  const names = await readdir(folder);
  expect(names).toContain('model.safetensors.part');
  expect(names).not.toContain('model.safetensors');
  server.misbehave = () => undefined;
  await hub.fetch(snapshot, folder, never, () => {});
  expect(server.sent.get('model.safetensors')).toBeLessThan(2 * size);
  expect(await readdir(folder)).toContain('model.safetensors');
});

test('refuses and removes what is not what the hub described', async () => {
  const { server, hub, folder } = await opened();
  server.misbehave = (path) => (path === 'model.safetensors' ? { spoil: true } : undefined);
  await expect(hub.fetch(await hub.look(request, never), folder, never, () => {})).rejects.toThrow(
    'model.safetensors did not arrive as the hub describes it',
  );
  expect(await readdir(folder)).toEqual(['LICENSE', 'config.json']);
});

test('says what a person can do about a gated model, and never the token', async () => {
  const { hub } = await opened(token);
  await expect(hub.look(request, never)).rejects.toThrow(
    /needs your own Hugging Face token: accept its licence at/,
  );
  const { hub: other } = await opened(token, 'hf_anotherPersonsToken');
  const refused = await other.look(request, never).catch((error: unknown) => String(error));
  expect(refused).toContain('The token may not read someone/vit-tiny');
  expect(refused).not.toContain('hf_another');
  const { hub: right, server } = await opened(token, token);
  expect((await right.look(request, never)).files).toHaveLength(3);
  expect([...server.tokens]).toEqual([`Bearer ${token}`]);
});

test(
  'names a repository that is not there, and a hub that cannot be reached',
  { timeout: 30_000 },
  async () => {
    const { hub, server } = await opened();
    await expect(hub.look({ ...request, repository: 'no/where' }, never)).rejects.toThrow(
      'There is no model no/where',
    );
    await server.close();
    await expect(hub.look(request, never)).rejects.toThrow(/could not be reached/);
  },
);

test('takes shards with their index, an ONNX file with its data, and nothing that leads out of its folder', () => {
  const entry = (path: string) => ({ type: 'file', path, size: 1, oid: 'a' });
  const chosen = (paths: string[], precision: 'fp32' | 'int8' = 'fp32') =>
    chooseFiles('a/b', ['config.json', ...paths].map(entry), precision).map(({ path }) => path);
  const shards = ['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors'];
  expect(chosen([...shards, 'model.safetensors.index.json', 'pytorch_model.bin'])).toEqual([
    'config.json',
    'model.safetensors.index.json',
    ...shards,
  ]);
  const onnx = [
    'onnx/model.onnx',
    'onnx/model.onnx_data',
    'onnx/model_quantized.onnx',
    'onnx/model_fp16.onnx',
  ];
  expect(chosen(onnx)).toEqual(['config.json', 'onnx/model.onnx', 'onnx/model.onnx_data']);
  expect(chosen(onnx, 'int8')).toEqual(['config.json', 'onnx/model_quantized.onnx']);
  expect(chosen(['model.safetensors', '../LICENSE', '/notice.txt'])).toEqual([
    'config.json',
    'model.safetensors',
  ]);
  expect(() => chosen(['onnx/model.onnx'], 'int8')).toThrow(
    /has neither model\.safetensors nor model_int8\.onnx/,
  );
  expect(() => chooseFiles('a/b', [], 'fp32')).toThrow('a/b has no config.json');
});

test('a token is checked without being repeated, and one of the environment stays there', () => {
  expect(checkToken(token)).toBe(token);
  expect(() => checkToken('secret words')).toThrow(/^That is no Hugging Face token/);
  const environment = tokenInMemory({ HF_TOKEN: token });
  expect([environment.place, environment.read()]).toEqual(['environment', token]);
  expect(() => environment.write(null)).toThrow('HF_TOKEN');
});
