import type { Leak, Proposal, SharedPatient, Suspects } from '#shared/references.ts';
import type { ImageId } from '#shared/domain.ts';
import type { Rows } from '../linear-algebra/nearest-neighbours.ts';
import { normaliseRows } from '../linear-algebra/vectors.ts';
import { quantile, upperFence } from './fence.ts';
import { groupsOf } from './groups.ts';
import { coveringRows } from './k-center.ts';

/** What was measured of the images of a study: normals first, then queries, then images left out of both. */
export interface Examined {
  readonly images: readonly ImageId[];
  readonly normals: number;
  readonly queries: number;
  /** Name of each image's pixels. */
  readonly contents: readonly string[];
  /** Who the image is of; null where nobody knows. */
  readonly patients: readonly (string | null)[];
  /** Pairs of images that show one picture. */
  readonly samePicture: readonly (readonly [number, number])[];
  /** 1 - cosine similarity to the closest normal that is not the same picture or patient; NaN without one. */
  readonly distances: Float64Array;
  /** For images left out: the queries they are closest to, and how close. */
  readonly reach: readonly { readonly spare: number; readonly query: number; readonly distance: number }[];
  /** Leave-one-out image scores of the normals; NaN where there is none. */
  readonly scores: Float64Array;
  readonly embeddings: Rows;
}

/** Above this many normals the greedy search for redundant ones takes too long. */
const mostForRedundancy = 20_000;
const fewestForRedundancy = 20;
/** A normal is redundant when one that stays is closer than this share of normals have their closest. */
const redundancyShare = 0.1;

const known = (values: Iterable<number>): number[] => [...values].filter((value) => !Number.isNaN(value));

function suspects(
  examined: Examined,
  figures: Float64Array,
  from: number,
  to: number,
  fence: number | null,
): Suspects {
  const images = Array.from({ length: to - from }, (_, i) => from + i)
    .filter((index) => fence !== null && figures[index]! > fence)
    .sort((a, b) => figures[b]! - figures[a]!)
    .map((index) => ({ image: examined.images[index]!, figure: figures[index]! }));
  return { fence, images };
}

/** Normals whose own score stands out among all normals'. */
export function abnormalNormals(examined: Examined): Suspects {
  const scores = examined.scores;
  return suspects(examined, scores, 0, examined.normals, upperFence(known(scores)));
}

/** Queries farther from every normal than normals are from each other. */
export function uncoveredQueries(examined: Examined): Suspects {
  const { distances, normals, queries } = examined;
  const fence = upperFence(known(distances.subarray(0, normals)));
  return suspects(examined, distances, normals, normals + queries, fence);
}

/** Groups of normals that show one picture; a copy among the queries may be what ties them. */
const copiesOfNormals = (count: number, normals: number, samePicture: Examined['samePicture']) =>
  groupsOf(count, samePicture)
    .map((group) => group.filter((index) => index < normals))
    .filter((group) => group.length > 1);

export function duplicateNormals({ images, normals, contents, samePicture }: Examined) {
  return copiesOfNormals(images.length, normals, samePicture).map((group) => ({
    images: group.map((index) => images[index]!),
    identical: new Set(group.map((index) => contents[index])).size === 1,
  }));
}

/** Queries that are normals too, each with one of them. */
export function leaks({ images, normals, queries, contents, samePicture }: Examined): Leak[] {
  return groupsOf(images.length, samePicture).flatMap((group) => {
    const references = group.filter((index) => index < normals);
    const asked = group.filter((index) => index >= normals && index < normals + queries);
    return asked.flatMap((query): Leak[] => {
      const same = references.find((normal) => contents[normal] === contents[query]);
      const normal = same ?? references[0];
      if (normal === undefined) return [];
      const kind = same === undefined ? 'same picture' : 'same pixels';
      return [{ normal: images[normal]!, query: images[query]!, kind }];
    });
  });
}

/** Patients or lots with normals and queries. */
export function sharedPatients({ images, normals, queries, patients }: Examined): SharedPatient[] {
  const byPatient = new Map<string, { normals: ImageId[]; queries: ImageId[] }>();
  for (const [index, patient] of patients.entries()) {
    if (patient === null || index >= normals + queries) continue;
    const sides = byPatient.get(patient) ?? { normals: [], queries: [] };
    (index < normals ? sides.normals : sides.queries).push(images[index]!);
    byPatient.set(patient, sides);
  }
  return [...byPatient.values()].filter((sides) => sides.normals.length > 0 && sides.queries.length > 0);
}

/** Normals without which the others cover as much: greedy k-center on embeddings of length 1. */
function redundantNormals(examined: Examined, dropped: ReadonlySet<number>): number[] {
  const { normals, distances, embeddings } = examined;
  const staying = Array.from({ length: normals }, (_, i) => i).filter((index) => !dropped.has(index));
  if (staying.length < fewestForRedundancy || staying.length > mostForRedundancy) return [];
  const { dimension } = embeddings;
  const rows = new Float32Array(staying.length * dimension);
  for (const [row, index] of staying.entries())
    rows.set(embeddings.data.subarray(index * dimension, (index + 1) * dimension), row * dimension);
  const unit = normaliseRows(rows, staying.length, dimension);
  const distance = quantile(known(distances.subarray(0, normals)), redundancyShare);
  if (Number.isNaN(distance)) return [];
  // Of unit vectors, |a - b|^2 = 2 (1 - cosine).
  const radius = Math.sqrt(2 * distance);
  const taken = new Set(coveringRows({ data: unit, count: staying.length, dimension }, [0], radius));
  return staying.filter((_, row) => !taken.has(row));
}

/** Left-out images that bring an uncovered query within the fence, the one that brings most first. */
function additions({ reach }: Examined, uncovered: ReadonlySet<number>, fence: number | null): number[] {
  if (fence === null) return [];
  const waiting = new Set(uncovered);
  const useful = reach.filter(({ query, distance }) => waiting.has(query) && distance <= fence);
  const added: number[] = [];
  for (;;) {
    const gains = Map.groupBy(
      useful.filter(({ query }) => waiting.has(query)),
      ({ spare }) => spare,
    );
    const best = [...gains].sort(([a, x], [b, y]) => y.length - x.length || a - b)[0];
    if (!best) return added;
    added.push(best[0]);
    for (const { query } of best[1]) waiting.delete(query);
  }
}

/** What to add and what to drop, without the predicted effect. */
export function proposal(
  examined: Examined,
  abnormal: Suspects,
  uncovered: Suspects,
): Omit<Proposal, 'falsePositives'> {
  const { images, normals } = examined;
  const indexOf = new Map(images.map((id, index) => [id, index]));
  const indices = ({ images: found }: Suspects) => found.map(({ image }) => indexOf.get(image)!);
  const why = new Map<number, Proposal['drop'][number]['why']>();
  for (const index of indices(abnormal)) why.set(index, 'abnormal');
  for (const group of copiesOfNormals(images.length, normals, examined.samePicture)) {
    const sound = group.filter((index) => !why.has(index));
    for (const index of sound.slice(1)) why.set(index, 'duplicate');
  }
  for (const index of redundantNormals(examined, new Set(why.keys()))) why.set(index, 'redundant');
  return {
    add: additions(examined, new Set(indices(uncovered)), uncovered.fence).map((index) => images[index]!),
    drop: [...why].map(([index, reason]) => ({ image: images[index]!, why: reason })),
  };
}
