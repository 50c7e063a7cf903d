/**
 * Damaged files of every kind against a real engine process: each one is read or refused in words, within five seconds,
 * in less than one gigabyte, and the process lives on. NIDUS_FUZZ_SEED and NIDUS_FUZZ_CASES try others than CI does.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import dcmjsCodecs from 'dcmjs-codecs';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import type { EngineReplyMessage } from '#shared/engine-protocol.ts';
import { createRandom } from '#shared/random.ts';
import { bytesOf, type DicomElement, imageElements, writeDicom } from '../support/dicom.ts';
import { writeNifti } from '../support/nifti.ts';
import { temporaryFolder } from '../support/temporary.ts';

const seed = Number(process.env['NIDUS_FUZZ_SEED'] ?? 1);
const cases = Number(process.env['NIDUS_FUZZ_CASES'] ?? 3000);
const longestMilliseconds = 5000;
/** For a process to start and to load its decoders; says nothing of a file. */
const startMilliseconds = 60_000;
const mostBytes = 2 ** 30;

const { Context, NativeCodecs } = dcmjsCodecs;
const [rows, columns] = [32, 40];
const base = '1.2.840.10008.1.2';

interface Specimen {
  readonly name: string;
  readonly bytes: Buffer;
}

async function specimens(): Promise<Specimen[]> {
  const samples = Uint16Array.from({ length: rows * columns }, (_, i) => (i * 37) % 4096);
  await NativeCodecs.initializeAsync();
  const context = () =>
    new Context({
      width: columns,
      height: rows,
      bitsAllocated: 16,
      bitsStored: 12,
      samplesPerPixel: 1,
      pixelRepresentation: 0,
      planarConfiguration: 0,
      photometricInterpretation: 'MONOCHROME2',
      decodedBuffer: bytesOf(samples),
    });
  const encoders = {
    '.5': () => NativeCodecs.encodeRle(context()),
    '.4.70': () => NativeCodecs.encodeJpeg(context(), { lossy: false, predictor: 1 }),
    '.4.80': () => NativeCodecs.encodeJpegLs(context(), { lossy: false }),
    '.4.90': () => NativeCodecs.encodeJpeg2000(context(), { lossy: false }),
    '.4.201': () => NativeCodecs.encodeHtJpeg2000(context(), { lossy: false }),
  };
  const head: DicomElement[] = [
    ['00080018', 'UI', '1.2.3'],
    ['00080060', 'CS', 'MR'],
    ['0020000E', 'UI', '1.2.4'],
    ['00200032', 'DS', '1\\2\\3'],
    ['00200037', 'DS', '1\\0\\0\\0\\1\\0'],
    ['00281050', 'DS', '40'],
    ['00281051', 'DS', '400'],
    ['52009229', 'SQ', [[['00289110', 'SQ', [[['00280030', 'DS', '1\\1']]]]]]],
    ...imageElements({ rows, columns, bitsStored: 12 }),
  ];
  const native: DicomElement[] = [...head, ['7FE00010', 'OW', bytesOf(samples)]];
  const volume = {
    shape: [10, 16, 8],
    affine: [
      [1, 0, 0, 0],
      [0, 1, 0, 0],
      [0, 0, 1, 0],
    ],
  };
  const nifti = writeNifti({ ...volume, type: 4, bits: 16, data: bytesOf(samples) });
  const grey = sharp(Buffer.from(Uint8Array.from(samples)), {
    raw: { width: columns, height: rows, channels: 1 },
  });
  return [
    ...['', '.1', '.1.99'].map((syntax) => ({
      name: `native${syntax}.dcm`,
      bytes: writeDicom({ syntax: base + syntax, elements: native }),
    })),
    ...Object.entries(encoders).map(([syntax, encode]) => ({
      name: `encoded${syntax}.dcm`,
      bytes: writeDicom({
        syntax: base + syntax,
        elements: head,
        frames: [Uint8Array.from(encode().getEncodedBuffer() ?? [])],
      }),
    })),
    { name: 'volume.nii', bytes: nifti },
    { name: 'volume.nii.gz', bytes: gzipSync(nifti) },
    {
      name: 'volume.nrrd',
      bytes: Buffer.concat([
        Buffer.from(
          'NRRD0004\ntype: short\ndimension: 3\nspace: left-posterior-superior\nsizes: 10 16 8\n' +
            'space directions: (1,0,0) (0,1,0) (0,0,1)\nendian: little\nencoding: gzip\nspace origin: (0,0,0)\n\n',
        ),
        gzipSync(bytesOf(samples)),
      ]),
    },
    {
      name: 'volume.mha',
      bytes: Buffer.concat([
        Buffer.from(
          'ObjectType = Image\nNDims = 3\nDimSize = 10 16 8\nElementSpacing = 1 1 2\n' +
            'TransformMatrix = 1 0 0 0 1 0 0 0 1\nElementType = MET_SHORT\nElementDataFile = LOCAL\n',
        ),
        bytesOf(samples),
      ]),
    },
    { name: 'picture.png', bytes: await grey.clone().png().toBuffer() },
    { name: 'picture.tif', bytes: await grey.clone().tiff({ compression: 'lzw' }).toBuffer() },
    { name: 'plain.tif', bytes: await grey.clone().tiff({ compression: 'none' }).toBuffer() },
  ];
}

/** A few changes of the kinds that files suffer, or that somebody would make who means harm. */
function damaged(bytes: Buffer, random: () => number): Buffer {
  const below = (limit: number) => Math.floor(random() * limit);
  let result = Buffer.from(bytes);
  // Headers are where damage matters, so half of it happens there.
  const place = () => below(random() < 0.5 ? Math.min(result.length, 600) : result.length);
  const extremes = [0, 1, 0x7fffffff, 0x80000000, 0xffffffff, 0xfffffffe, 0xffff, 0x10000];
  for (let changes = 1 + below(4); changes > 0; changes--) {
    if (result.length < 8) break;
    switch (below(6)) {
      case 0:
        result[place()] = below(256);
        break;
      case 1:
        result.writeUInt32LE(extremes[below(extremes.length)]!, Math.min(place(), result.length - 4));
        break;
      case 2:
        result.writeUInt16LE(
          extremes[below(extremes.length)]! & 0xffff,
          Math.min(place(), result.length - 2),
        );
        break;
      case 3:
        result = result.subarray(0, place());
        break;
      case 4: {
        const [from, length] = [place(), 1 + below(64)];
        result = Buffer.concat([result.subarray(0, from + length), result.subarray(from)]);
        break;
      }
      default: {
        const from = place();
        result = Buffer.concat([result.subarray(0, from), result.subarray(from + 1 + below(16))]);
      }
    }
  }
  return result;
}

/** An engine spoken to without a supervisor, so that nothing is tried again. */
function openEngineProcess(folder: string) {
  const child: ChildProcess = fork('src-engine/main.ts', [], {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const waiting = new Map<number, (reply: EngineReplyMessage | 'gone') => void>();
  child.on('message', (message: EngineReplyMessage) => {
    waiting.get(message.id)?.(message);
    waiting.delete(message.id);
  });
  child.on('exit', () => waiting.forEach((tell) => tell('gone')));
  let next = 0;
  const call = (name: string, request: unknown, patience = longestMilliseconds) =>
    new Promise<EngineReplyMessage | 'gone' | 'silent'>((done) => {
      const id = next++;
      const timer = setTimeout(() => done('silent'), patience);
      waiting.set(id, (reply) => {
        clearTimeout(timer);
        done(reply);
      });
      child.send({ id, call: name, request });
    });
  const inside = (name: string) => join(folder, name);
  return {
    call,
    open: () =>
      call(
        'open',
        {
          blobs: inside('blobs'),
          thumbnails: inside('thumbnails'),
          features: inside('features'),
          embeddings: inside('embeddings'),
          models: 'models',
          importedModels: null,
          adapters: null,
          states: inside('states'),
          stateCacheBytes: 0,
          featureCacheBytes: 0,
          device: 'auto',
        },
        startMilliseconds,
      ),
    /** All of a file's values, out of which nothing is written. */
    readArray: (path: string, name: string, stored: boolean, patience?: number) =>
      call('read-array', { path, name, stored, selection: { kind: 'all' }, out: null }, patience),
    /** Linux only; elsewhere it is not looked at. */
    residentBytes: (): number =>
      process.platform === 'linux'
        ? Number(readFileSync(`/proc/${child.pid}/statm`, 'latin1').split(' ')[1]) * 4096
        : 0,
    close: () => child.kill('SIGKILL'),
  };
}

test('no damaged file stops, stalls or bloats the engine', { timeout: 240_000 }, async () => {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'files'));
  const random = createRandom(seed).next;
  const all = await specimens();
  const engine = openEngineProcess(folder);
  await engine.open();
  for (const { name, bytes } of all) {
    const path = join(folder, 'files', name);
    await writeFile(path, bytes);
    expect(await engine.readArray(path, name, true, startMilliseconds), name).toMatchObject({ ok: true });
  }
  const outcomes = { read: 0, refused: 0 };
  const wrong: string[] = [];
  let largest = 0;
  const identity = { secret: new Uint8Array(32), keep: [] };
  for (let index = 0; index < cases && wrong.length < 10; index++) {
    const { name, bytes } = all[index % all.length]!;
    const path = join(folder, 'files', name);
    await writeFile(path, damaged(bytes, random));
    const reply =
      index % 3 === 2
        ? await engine.call('inspect-series', {
            files: [{ path, name }],
            identity,
            plane: 'axial',
            volume: 0,
          })
        : await engine.readArray(path, name, index % 2 === 0);
    largest = Math.max(largest, engine.residentBytes());
    if (reply === 'gone' || reply === 'silent') {
      wrong.push(`${name}, case ${index} of seed ${seed}: ${reply}`);
      break;
    }
    if (reply.ok) outcomes.read++;
    else if (reply.kind === 'unreadable' && !reply.message.includes('\n')) outcomes.refused++;
    else wrong.push(`${name}, case ${index} of seed ${seed}: ${reply.kind}, ${reply.message}`);
  }
  engine.close();
  expect(wrong).toEqual([]);
  expect(largest).toBeLessThan(mostBytes);
  // Neither is rare: a fuzz test that only ever sees one of them tests nothing.
  expect(Math.min(outcomes.read, outcomes.refused)).toBeGreaterThan(cases / 20);
});
