import type { PatchFeatures } from '#shared/arrays.ts';
import { Failure } from '#shared/errors.ts';
import { type AnomalyDinoSettings, preparationOf } from '#shared/methods/anomaly-dino.ts';
import { mapRuleOf } from '#shared/methods/index.ts';
import type { MaskRule } from '#shared/methods/patch-mask.ts';
import type { EngineImage } from '#shared/engine-protocol.ts';
import type { Bank } from '../matching/bank.ts';
import {
  countedRows,
  distancesFrom,
  queryRows,
  referenceAngles,
  rotateImage,
} from '../methods/anomaly-dino/index.ts';
import { normaliseRows } from '../methods/linear-algebra/vectors.ts';
import type { MethodRunner, Tools } from './method-runner.ts';
import { aggregate, patchesOf } from './patches.ts';
import { decideMask, maskOf } from './test-mask.ts';

interface Fitted {
  readonly bank: Bank;
  readonly mask: Exclude<MaskRule, 'tested'>;
}

interface Meta {
  readonly dimension: number;
  readonly mask: Fitted['mask'];
}

export const anomalyDino: MethodRunner<AnomalyDinoSettings, Fitted> = {
  fitSettings: (settings) => {
    const { maskReferences, maskThreshold, maskCleanUp } = settings;
    return { ...preparationOf(settings), maskReferences, maskThreshold, maskCleanUp };
  },

  async fit(tools, references, settings, out, report): Promise<Meta> {
    const { rotate, mask: rule } = preparationOf(settings);
    const angles = rotate ? referenceAngles : ([0] as const);
    const [first] = references;
    if (!first) throw new Failure('invalid', 'AnomalyDINO needs at least one reference.');
    const firstPatches = await patchesOf(tools, first, settings);
    const mask = decideMask(rule, firstPatches, settings);
    let done = 0;
    for (const reference of references) {
      for (const angle of angles) {
        const patches = await turnedPatches(tools, reference, settings, angle);
        // A turned picture has no pixels of its own in the workspace, so only its features can tell its object.
        const counted =
          settings.maskReferences && (angle === 0 || mask === 'object')
            ? await maskOf(tools, reference, patches, mask, settings)
            : null;
        const rows = countedRows(patches, counted);
        await out.append('bank', normaliseRows(rows, rows.length / patches.dimension, patches.dimension));
        await report.step(++done, references.length * angles.length);
      }
    }
    return { dimension: firstPatches.dimension, mask };
  },

  async open(files) {
    const { dimension, mask } = files.meta as Meta;
    return { bank: await files.bank('bank', dimension), mask };
  },

  async score(tools, query, { bank, mask }, settings) {
    const patches = await patchesOf(tools, query, settings);
    const found = await tools.matcher.nearest(queryRows(patches, 'cosine'), bank, settings.k);
    const { distances } = distancesFrom(found, patches, 'cosine');
    const foreground = await maskOf(tools, query, patches, mask, settings);
    const score = aggregate(distances, foreground, settings.aggregation, mapRuleOf(settings), query);
    return { scores: distances, foreground, imageScore: score };
  },
};

/** Features of a reference turned by an angle; the turned pictures are not kept, the bank is. */
async function turnedPatches(
  tools: Tools,
  reference: EngineImage,
  settings: AnomalyDinoSettings,
  angle: number,
): Promise<PatchFeatures> {
  if (angle === 0) return patchesOf(tools, reference, settings);
  const extractor = await tools.extractors.get(settings.model);
  const turned = rotateImage(await tools.images.pixels(reference.pixels), angle);
  return (await extractor.extract(turned, settings.size, settings.layer, settings.fit)).patches;
}
