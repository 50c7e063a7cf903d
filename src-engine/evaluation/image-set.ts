import { readFile } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { anomalyMap, imageScore } from '#shared/anomaly-map.ts';
import type { Mask, ScoreMap } from '#shared/arrays.ts';
import type { Label, Scale, Spacing } from '#shared/domain.ts';
import type { EvaluationItem } from '#shared/engine-protocol.ts';
import { Failure } from '#shared/errors.ts';
import { fullMap } from '#shared/full-map.ts';
import { readNpy, toFloat32 } from '#shared/npy.ts';
import { patientOf } from '#shared/patient.ts';
import type { ImageReader } from '../features/image-reader.ts';
import { decodeMask } from '../imaging/mask.ts';

export interface SetImage {
  readonly name: string;
  readonly label: Label;
  /** What the bootstrap draws. */
  readonly patient: string;
  readonly imageScore: number;
  readonly spacing: Spacing | null;
  /** Whether anybody knows its ground truth; `read` fails where nobody does. */
  readonly known: boolean;
}

/** Images with maps and ground truth that are read one at a time, as often as needed: maps are never kept. */
export interface ImageSet {
  readonly images: readonly SetImage[];
  /** The map at the size of the image, where all pixel figures are taken. */
  read(index: number): Promise<{ map: ScoreMap; truth: Mask }>;
}

/** Work between two looks at the messages: a preview that comes meanwhile waits for one map, not for thousands. */
export const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Reads the images of these indices in order. */
export async function forEachMap(
  set: ImageSet,
  indices: readonly number[],
  visit: (map: ScoreMap, truth: Mask, index: number) => void,
): Promise<void> {
  for (const index of indices) {
    const { map, truth } = await set.read(index);
    visit(map, truth, index);
    await nextTurn();
  }
}

type Drawable = Pick<EvaluationItem, 'scores' | 'foreground' | 'mapRule' | 'width' | 'height'>;

/** The anomaly map at the size of its image, where all pixel figures are taken. */
export const mapOf = (item: Drawable, scale: Scale): ScoreMap =>
  fullMap(anomalyMap(item.scores, item.foreground, scale), item.mapRule, item.height, item.width);

/** The scored images of a run. */
export const setOfRun = (items: readonly EvaluationItem[], scale: Scale, reader: ImageReader): ImageSet => ({
  images: items.map((item) => ({ ...item, known: item.truth.kind !== 'unknown' })),
  async read(index) {
    const item = items[index]!;
    const truth = await reader.truth(item.truth, item.width, item.height);
    if (!truth) throw new Error('an image without ground truth was asked for');
    return { map: mapOf(item, scale), truth };
  },
});

/** Maps (.npy) and masks (.npy, .png) that people bring themselves; an image's score is that of `imageScore`. */
export async function setOfFiles(pairs: readonly { map: string; mask: string }[]): Promise<ImageSet> {
  const read: ImageSet['read'] = async (index) => {
    const pair = pairs[index]!;
    const map = await readMap(pair.map);
    return { map, truth: await readMask(pair.mask, map) };
  };
  const images: SetImage[] = [];
  for (const [index, pair] of pairs.entries()) {
    const { map, truth } = await read(index);
    const name = basename(pair.map);
    images.push({
      name,
      label: truth.data.includes(1) ? 'abnormal' : 'normal',
      patient: patientOf(name),
      imageScore: imageScore(map),
      spacing: null,
      known: true,
    });
  }
  return { images, read };
}

async function readMap(path: string): Promise<ScoreMap> {
  const array = readNpy(await readFile(path), path);
  const [rows, columns] = array.shape;
  if (rows === undefined || columns === undefined || array.shape.length !== 2) {
    throw new Failure(
      'invalid',
      `${path}: a map is rows x columns, this array is ${array.shape.join(' x ')}.`,
    );
  }
  return { rows, columns, data: toFloat32(array) };
}

async function readMask(path: string, { rows, columns }: ScoreMap): Promise<Mask> {
  if (extname(path).toLowerCase() !== '.npy') {
    return decodeMask(path, { width: columns, height: rows, name: basename(path) });
  }
  const array = readNpy(await readFile(path), path);
  if (array.shape.join(' ') !== `${rows} ${columns}`) {
    throw new Failure(
      'invalid',
      `${path}: the mask is ${array.shape.join(' x ')}, its map ${rows} x ${columns}.`,
    );
  }
  return {
    width: columns,
    height: rows,
    data: Uint8Array.from(toFloat32(array), (value) => (value > 0 ? 1 : 0)),
  };
}
