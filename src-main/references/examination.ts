import type { ImageId } from '#shared/domain.ts';
import type { NearestReply } from '#shared/doctor-protocol.ts';
import type { DoctorSettings, Proposal, Suspects } from '#shared/references.ts';
import type { Engine } from '#main/engine/engine.ts';
import { forEngine } from '#main/runs/scoring.ts';
import type { LeftOut } from '#main/workspace/repositories/doctor.ts';
import type { StoredImage } from '#main/workspace/repositories/images.ts';

/** The images of an examination: normals first, then queries, then images left out of both. */
export interface ExaminedPool {
  readonly key: string;
  readonly images: readonly StoredImage[];
  readonly normals: number;
  readonly queries: number;
  readonly settings: DoctorSettings;
}

export interface Examined {
  /** Of every image: the most similar normal that is another picture of another patient. */
  readonly nearest: readonly ({ image: ImageId; similarity: number } | null)[];
  /** 1 - that similarity; NaN without one. */
  readonly distances: Float64Array;
  /** Of every normal: the normals it is held against when it is left out. */
  readonly references: readonly (readonly number[])[];
  readonly samePicture: readonly (readonly [number, number])[];
  /** Images of one picture or patient share a number. */
  readonly groups: Int32Array;
  readonly reach: readonly { spare: number; query: number; distance: number }[];
}

/** Normals that a left-out normal is held against. */
const referencesEach = 8;
/** Normals whose score under the proposed set is computed. */
const predictedOn = 100;
/** Of the normals stay below the score at which false positives are counted. */
const specificity = 0.95;
const fewestForPrediction = 20;

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/** Who is like whom: nearest normals, copies, and the groups that must not vouch for each other. */
export async function examinePool(
  engine: Engine,
  pool: ExaminedPool,
  signal: AbortSignal,
): Promise<Examined> {
  const { images, normals, queries, key: poolKey, settings } = pool;
  const all = Int32Array.from(range(images.length));
  const isNormal = Uint8Array.from(images, (_, index) => (index < normals ? 1 : 0));
  const { pairs: samePicture } = await engine.call('find-copies', { poolKey }, 'job');
  signal.throwIfAborted();
  const groups = groupNumbers(images, samePicture);
  const apart = await engine.call(
    'nearest-images',
    { poolKey, settings, asked: all, findable: isNormal, groups, k: referencesEach },
    'job',
  );
  signal.throwIfAborted();
  const references = range(images.length).map((index) => neighboursOf(apart, index, referencesEach));
  const nearest = references.map(([first]) =>
    first ? { image: images[first.index]!.id, similarity: first.similarity } : null,
  );
  const distances = Float64Array.from(nearest, (found) => (found ? 1 - found.similarity : Number.NaN));
  return {
    nearest,
    distances,
    references: references.slice(0, normals).map((found) => found.map(({ index }) => index)),
    samePicture,
    groups,
    reach: await reachOfSpares(engine, pool, groups, normals + queries),
  };
}

const neighboursOf = ({ indices, similarities }: NearestReply, position: number, k: number) =>
  range(k).flatMap((rank) => {
    const index = indices[position * k + rank]!;
    return index < 0 ? [] : [{ index, similarity: similarities[position * k + rank]! }];
  });

/** One number a picture or patient. */
function groupNumbers(
  images: readonly StoredImage[],
  samePicture: readonly (readonly [number, number])[],
): Int32Array {
  const groups = Int32Array.from(range(images.length));
  const root = (index: number): number => {
    let at = index;
    while (groups[at] !== at) at = groups[at]!;
    return at;
  };
  const join = (a: number, b: number) =>
    void (groups[Math.max(root(a), root(b))] = Math.min(root(a), root(b)));
  for (const [a, b] of samePicture) join(a, b);
  const first = new Map<string, number>();
  for (const [index, { patient }] of images.entries()) {
    if (patient === null) continue;
    const other = first.get(patient);
    if (other === undefined) first.set(patient, index);
    else join(index, other);
  }
  return groups.map((_, index) => root(index));
}

/** The left-out images most similar to each query. */
async function reachOfSpares(
  engine: Engine,
  { images, normals, queries, key: poolKey, settings }: ExaminedPool,
  groups: Int32Array,
  firstSpare: number,
): Promise<Examined['reach']> {
  if (firstSpare === images.length || queries === 0) return [];
  const k = 5;
  const findable = Uint8Array.from(images, (_, index) => (index >= firstSpare ? 1 : 0));
  const asked = Int32Array.from(range(queries), (index) => normals + index);
  const found = await engine.call('nearest-images', { poolKey, settings, asked, findable, groups, k }, 'job');
  return [...asked].flatMap((query, position) =>
    neighboursOf(found, position, k).map(({ index, similarity }) => ({
      spare: index,
      query,
      distance: 1 - similarity,
    })),
  );
}

/** The score of one image of the pool against others of it; null where nothing can be compared. */
export function leaveOneOut(
  engine: Engine,
  { images, settings }: ExaminedPool,
  index: number,
  references: readonly number[],
): Promise<LeftOut | null> {
  const request = {
    image: forEngine(images[index]!),
    references: references.map((other) => forEngine(images[other]!)),
    settings,
  };
  return references.length === 0 ? Promise.resolve(null) : engine.call('leave-one-out', request, 'job');
}

/**
 * How many normals would be called abnormal with the present and with the proposed set: each is scored with itself, its
 * copies and its patient left out, at the score that 95 % of the normals stay below with the present set.
 */
export async function predictFalsePositives(
  engine: Engine,
  pool: ExaminedPool,
  {
    scores,
    groups,
    abnormal,
    proposal,
  }: {
    scores: Float64Array;
    groups: Int32Array;
    abnormal: Suspects;
    proposal: Omit<Proposal, 'falsePositives'>;
  },
  signal: AbortSignal,
): Promise<Proposal['falsePositives']> {
  const suspected = new Set(abnormal.images.map(({ image }) => image));
  const sound = range(pool.normals).filter(
    (index) => !Number.isNaN(scores[index]!) && !suspected.has(pool.images[index]!.id),
  );
  if (sound.length < fewestForPrediction) return null;
  const sorted = sound.map((index) => scores[index]!).sort((a, b) => a - b);
  const threshold = sorted[Math.min(sorted.length - 1, Math.floor(specificity * sorted.length))]!;
  const step = Math.max(1, sound.length / predictedOn);
  const chosen = range(Math.min(sound.length, predictedOn)).map((i) => sound[Math.floor(i * step)]!);
  const present = chosen.filter((index) => scores[index]! >= threshold).length;

  const added = new Set(proposal.add);
  const dropped = new Set(proposal.drop.map(({ image }) => image));
  const counts = { threshold, images: chosen.length, present };
  if (added.size + dropped.size === 0) return { ...counts, proposed: present };
  const findable = Uint8Array.from(pool.images, ({ id }, index) =>
    added.has(id) || (index < pool.normals && !dropped.has(id)) ? 1 : 0,
  );
  const asked = Int32Array.from(chosen);
  const found = await engine.call(
    'nearest-images',
    { poolKey: pool.key, settings: pool.settings, asked, findable, groups, k: referencesEach },
    'job',
  );
  let proposed = 0;
  for (const [position, index] of chosen.entries()) {
    signal.throwIfAborted();
    const references = neighboursOf(found, position, referencesEach).map((other) => other.index);
    const scored = await leaveOneOut(engine, pool, index, references);
    if (scored !== null && scored.imageScore >= threshold) proposed += 1;
  }
  return { ...counts, proposed };
}
