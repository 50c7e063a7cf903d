import type { AnomalyDinoBatchedSettings } from '#shared/methods/anomaly-dino-batched.ts';
import { Failure } from '#shared/errors.ts';
import { mapRuleOf } from '#shared/methods/index.ts';
import type { MaskRule } from '#shared/methods/patch-mask.ts';
import type { Bank } from '../matching/bank.ts';
import { queryRows, tailScores, tailSize } from '../methods/anomaly-dino/index.ts';
import type { RowRange } from '../matching/matcher.ts';
import type { MethodRunner } from './method-runner.ts';
import { aggregate, patchesOf } from './patches.ts';
import { decideMask, maskOf } from './test-mask.ts';

interface Meta {
  readonly dimension: number;
  readonly mask: Exclude<MaskRule, 'tested'>;
  /** Rows of each image, by its id. */
  readonly rows: Readonly<Record<string, RowRange>>;
}

interface Fitted extends Meta {
  readonly bank: Bank;
}

export const anomalyDinoBatched: MethodRunner<AnomalyDinoBatchedSettings, Fitted> = {
  fitSettings: ({ mask, maskThreshold }) => ({ mask, maskThreshold }),

  async fit(tools, images, settings, out, report): Promise<Meta> {
    if (images.length < 2) {
      throw new Failure('invalid', 'Batched scoring needs at least two query images.');
    }
    const rows: Record<string, RowRange> = {};
    let [start, dimension] = [0, 0];
    let mask: Meta['mask'] = 'all';
    for (const [index, image] of images.entries()) {
      const patches = await patchesOf(tools, image, settings);
      if (index === 0) mask = decideMask(settings.mask, patches, settings);
      const unit = queryRows(patches, 'cosine');
      await out.append('bank', unit.data);
      rows[image.id] = { start, end: start + unit.count };
      start += unit.count;
      dimension = patches.dimension;
      await report.step(index + 1, images.length);
    }
    return { dimension, mask, rows };
  },

  async open(files) {
    const meta = files.meta as Meta;
    return { ...meta, bank: await files.bank('bank', meta.dimension) };
  },

  async score(tools, query, { bank, rows, mask }, settings) {
    const { tail: rule, quantile, aggregation } = settings;
    const patches = await patchesOf(tools, query, settings);
    const own = rows[query.id] ?? { start: 0, end: 0 };
    const others = [
      { start: 0, end: own.start },
      { start: own.end, end: bank.count },
    ];
    const kept = tailSize(bank.count - (own.end - own.start), { rule, quantile });
    const unit = queryRows(patches, 'cosine');
    const distances = await tools.matcher.smallestCosine(unit, bank, kept, others);
    const scores = tailScores(distances, patches, rule);
    const foreground = await maskOf(tools, query, patches, mask, settings);
    const imageScore = aggregate(scores, foreground, aggregation, mapRuleOf(settings), query);
    if (!Number.isFinite(imageScore)) {
      throw new Failure(
        'invalid',
        "The authors' tail rule leaves the scores undefined with so few patches. Take the inclusive rule.",
      );
    }
    return { scores, foreground, imageScore };
  },
};
