import sharp from 'sharp';
import type { DoctorCalls } from '#shared/doctor-protocol.ts';
import type { EngineImage } from '#shared/engine-protocol.ts';
import { displayBytes } from '../../imaging/display.ts';
import { EmbeddingIndex } from '../../methods/linear-algebra/embedding-index.ts';
import {
  detailCorrelation,
  detailSize,
  pictureDetails,
  sketchDetails,
  sketchLength,
} from '../../methods/normal-set/index.ts';
import type { EngineState } from '../../state.ts';
import { poolNamed } from '../embeddings.ts';

/** Details that correlate at least so much are those of one picture: docs/methods.md says how it was found. */
const sameDetails = 0.98;
/** A sketch is less exact. */
const sameSketch = 0.95;
const mostCopies = 6;

async function detailsOf({ images }: EngineState, { pixels }: EngineImage): Promise<Float32Array> {
  const array = await images.pixels(pixels);
  const { width, height, channels } = array;
  const raw = { width, height, channels };
  const grey = await sharp(displayBytes(array), { raw, limitInputPixels: false })
    .greyscale()
    .resize(detailSize, detailSize, { fit: 'fill', kernel: 'linear' })
    .raw()
    .toBuffer();
  return pictureDetails(new Uint8Array(grey));
}

/** Pairs of images with the same pixels, or with the same details by pixels that differ. */
export async function findCopies(
  state: EngineState,
  { poolKey }: DoctorCalls['find-copies']['request'],
): Promise<DoctorCalls['find-copies']['reply']> {
  const { images } = poolNamed(state, poolKey);
  const pairs: (readonly [number, number])[] = [];
  const bySha = [...Map.groupBy(images.keys(), (index) => images[index]!.pixels.sha256).values()];
  for (const [first, ...others] of bySha) for (const other of others) pairs.push([first!, other]);

  const different = bySha.map(([first]) => first!);
  const sketches = new Float32Array(different.length * sketchLength);
  for (const [row, image] of different.entries())
    sketches.set(sketchDetails(await detailsOf(state, images[image]!)), row * sketchLength);
  const index = new EmbeddingIndex(sketches, different.length, sketchLength);
  for (const [row, image] of different.entries()) {
    const sketch = sketches.subarray(row * sketchLength, (row + 1) * sketchLength);
    const near = index.nearest(sketch, mostCopies, (other) => other > row);
    for (const candidate of near.filter(({ similarity }) => similarity >= sameSketch)) {
      const other = different[candidate.index]!;
      const [a, b] = [await detailsOf(state, images[image]!), await detailsOf(state, images[other]!)];
      if (detailCorrelation(a, b) >= sameDetails) pairs.push([image, other]);
    }
    // A person waits for other answers meanwhile.
    if (row % 64 === 63) await new Promise(setImmediate);
  }
  return { pairs };
}
