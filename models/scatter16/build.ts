/** Writes the built-in models and the catalogue that describes them: `node models/scatter16/build.ts`. */

import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { encodeModel } from '#engine/models/onnx/encode.ts';
import {
  dimensionOf,
  MINIMUM_SIZE,
  OPERATOR_SET,
  type OrientationMode,
  scatter16,
} from '#engine/models/scatter16/graph.ts';

interface Variant {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly orientations: OrientationMode;
}

const variants: readonly Variant[] = [
  {
    name: 'scatter16',
    title: 'Scatter16',
    description:
      'Built-in wavelet scattering transform, averaged over orientation. No training, no weights: local brightness and ' +
      'texture at four scales. Good for a first look; import DINOv3 or DINOv2 for features that know objects.',
    orientations: 'averaged',
  },
  {
    name: 'scatter16-oriented',
    title: 'Scatter16, oriented',
    description:
      'Scatter16 with all orientations kept, for textures with a direction: wood, fabric, circuit boards. ' +
      'Images must all be taken the same way round.',
    orientations: 'kept',
  },
];

/** Contents of every file of the folder `models` that this script writes, by path. */
export function builtInModelFiles(): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  const catalogue = variants.map(({ name, title, description, orientations }) => {
    const bytes = encodeModel(scatter16(orientations), {
      operatorSets: { '': OPERATOR_SET },
      documentation:
        'Wavelet scattering transform on a 16-pixel grid (Bruna and Mallat 2013). Part of Nidus, MIT licence.',
    });
    const file = `scatter16/${name}.onnx`;
    files.set(file, bytes);
    return {
      name,
      title,
      family: 'scattering',
      description,
      file,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      patch: 16,
      dimension: dimensionOf(orientations),
      embeddingDimension: 5 * dimensionOf(orientations),
      minimumSize: MINIMUM_SIZE,
      normalisation: null,
      outputs: ['patch_features', 'embedding'],
      licence: 'MIT',
    };
  });
  files.set('catalogue.json', new TextEncoder().encode(`${JSON.stringify(catalogue, undefined, 2)}\n`));
  return files;
}

if (import.meta.main) {
  const models = join(import.meta.dirname, '..');
  for (const [path, bytes] of builtInModelFiles()) {
    await mkdir(dirname(join(models, path)), { recursive: true });
    await writeFile(join(models, path), bytes);
    console.log(`${path}: ${bytes.byteLength} bytes`);
  }
}
