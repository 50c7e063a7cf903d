import { promisify } from 'node:util';
import { inflateRaw } from 'node:zlib';
import { anomalyMap } from '#shared/anomaly-map.ts';
import { opinions, type Agreement, type DetectionPoint, type Opinion } from '#shared/agreement.ts';
import type { Mask, ScoreMap } from '#shared/arrays.ts';
import type { AgreementItem, EngineCalls, ReaderOpinion } from '#shared/engine-protocol.ts';
import { fullMap } from '#shared/full-map.ts';
import { cohenKappa } from '../metrics/index.ts';
import { createFroc } from '../metrics/froc.ts';
import { lesionHits } from '../metrics/lesion-hits.ts';
import { thresholdMap } from '../metrics/overlap.ts';
import type { EngineState } from '../state.ts';

const inflate = promisify(inflateRaw);

/** What one side says of one image; null where it says nothing. */
interface Said {
  readonly mask: Mask | null;
  readonly decision: string | null;
}

type SaidOf = Readonly<Record<Opinion, Said>>;

/** Figures of a reader against themselves, the machine and the ground truth. Images are held one at a time. */
export async function agreement(
  state: EngineState,
  { items, thresholds }: EngineCalls['agreement']['request'],
): Promise<EngineCalls['agreement']['reply']> {
  const pairs = opinions.flatMap((a, i) => opinions.slice(i + 1).map((b) => pairFigures(a, b)));
  const detection = { blind: detections(), revealed: detections(), machine: detections() };
  const froc = createFroc();
  for (const item of items) {
    const scores = mapOf(item);
    const said = await opinionsOn(state, item, scores, thresholds);
    for (const pair of pairs) pair.add(said);
    const truth = said.truth.mask;
    if (truth === null) continue;
    if (scores) froc.add(scores, truth);
    for (const side of ['blind', 'revealed', 'machine'] as const) detection[side].add(said[side].mask, truth);
  }
  return {
    froc: froc.result().points.map(({ falsePositives, sensitivity }) => ({ falsePositives, sensitivity })),
    pairs: pairs.map((pair) => pair.result()),
    detection: {
      blind: detection.blind.result(),
      revealed: detection.revealed.result(),
      machine: detection.machine.result(),
    },
  };
}

async function opinionsOn(
  state: EngineState,
  item: AgreementItem,
  scores: ScoreMap | null,
  { image, pixel }: Agreement['thresholds'],
): Promise<SaidOf> {
  const truth = (await state.images.truth(item.truth, item.width, item.height)) ?? null;
  const { machine } = item;
  return {
    blind: await ofReader(item, item.blind),
    revealed: await ofReader(item, item.revealed),
    machine: {
      mask: scores && pixel !== null ? thresholdMap(scores, pixel) : null,
      decision: machine && image !== null ? (machine.imageScore >= image ? 'anomalous' : 'normal') : null,
    },
    truth: {
      mask: truth,
      decision: { normal: 'normal', abnormal: 'anomalous', unknown: null }[item.label],
    },
  };
}

/** Who calls an image normal marks nothing on it; who marks something calls it anomalous unless they said otherwise. */
async function ofReader({ width, height }: AgreementItem, opinion: ReaderOpinion | null): Promise<Said> {
  if (opinion === null) return { mask: null, decision: null };
  const { verdict, labels } = opinion;
  const data = labels ? (await inflate(labels)).map((label) => (label > 0 ? 1 : 0)) : null;
  const marks = data?.includes(1) === true;
  const decided = verdict === 'normal' || verdict === 'anomalous' || verdict === 'unsure' ? verdict : null;
  const nothing = decided === 'normal' ? new Uint8Array(width * height) : null;
  const mask = marks ? new Uint8Array(data) : nothing;
  return {
    mask: mask && { width, height, data: mask },
    decision: decided ?? (verdict === null && marks ? 'anomalous' : null),
  };
}

function mapOf({ machine, width, height }: AgreementItem): ScoreMap | null {
  if (machine === null) return null;
  return fullMap(anomalyMap(machine.scores, machine.foreground, 'raw'), machine.mapRule, height, width);
}

function pairFigures(a: Opinion, b: Opinion) {
  const dices: number[] = [];
  const decisions: { readonly a: string; readonly b: string }[] = [];
  return {
    add(said: SaidOf): void {
      const [left, right] = [said[a], said[b]];
      if (left.mask && right.mask) {
        const overlap = maskDice(left.mask, right.mask);
        if (overlap !== null) dices.push(overlap);
      }
      if (left.decision !== null && right.decision !== null)
        decisions.push({ a: left.decision, b: right.decision });
    },
    result: (): Agreement['pairs'][number] => ({
      a,
      b,
      dice: { mean: mean(dices), images: dices.length },
      kappa: {
        value: cohenKappa(
          decisions.map((one) => one.a),
          decisions.map((one) => one.b),
        ),
        images: decisions.length,
      },
    }),
  };
}

/** Null when neither marks anything. */
function maskDice(a: Mask, b: Mask): number | null {
  let [both, marked] = [0, 0];
  for (let i = 0; i < a.data.length; i++) {
    const [x, y] = [a.data[i]! > 0 ? 1 : 0, b.data[i]! > 0 ? 1 : 0];
    both += x & y;
    marked += x + y;
  }
  return marked === 0 ? null : (2 * both) / marked;
}

function detections() {
  let [images, lesions, found, falsePositives] = [0, 0, 0, 0];
  return {
    add(mask: Mask | null, truth: Mask): void {
      if (mask === null) return;
      const hits = lesionHits(mask, truth);
      images += 1;
      lesions += hits.lesions;
      found += hits.found;
      falsePositives += hits.falsePositives;
    },
    result: (): DetectionPoint => ({
      images,
      lesions,
      sensitivity: lesions === 0 ? null : found / lesions,
      falsePositives: images === 0 ? null : falsePositives / images,
    }),
  };
}

const mean = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
