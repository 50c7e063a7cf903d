/**
 * Binary resources beside the RPC, same origin in every host. All GET unless said otherwise.
 * Pixels and masks are raw little-endian samples, row-major, channels interleaved; their shape is in the image's record.
 */
import type { ImageId, JobId, RunId, Scale, Scope, StudyId } from './domain.ts';
import type { SweepId } from './sweep.ts';

export const routes = {
  rpc: '/rpc',
  pixels: (id: ImageId) => `/pixels/${id}`,
  /** uint8, 0 or 1, size of the image; 404 when there is no drawn mask. */
  mask: (id: ImageId) => `/masks/${id}`,
  /** uint8, 0 or 1, size of the image: what its file draws over it; 404 when that is nothing. */
  overlay: (id: ImageId) => `/overlays/${id}`,
  /** uint8, a segment's number or 0, size of the image: what this reader drew; 404 when that is nothing. */
  labels: (id: ImageId, reader: string) => `/annotations/${id}?reader=${encodeURIComponent(reader)}`,
  /** PNG, 8-bit, 255 inside the segment. */
  segment: (id: ImageId, segment: number, reader: string) =>
    `/annotations/${id}/${segment}.png?reader=${encodeURIComponent(reader)}`,
  /** CSV: a row for each verdict of every reader. */
  readings: (id: StudyId) => `/readings/${id}.csv`,
  /** WebP, 160 px on the longer side. */
  thumbnail: (id: ImageId) => `/thumbnails/${id}`,
  /** float32 raw scores on the patch grid, header `x-nidus-grid: rows,columns`. */
  map: (run: RunId, image: ImageId) => `/maps/${run}/${image}`,
  /** float32 leave-one-out scores of a normal image on the patch grid, same header. */
  hotSpots: (doctor: JobId, image: ImageId) => `/hot-spots/${doctor}/${image}`,
  /** PDF, with numbers in place of names if these are to be hidden. */
  report: (run: RunId, scale: Scale, names: 'shown' | 'hidden' = 'shown') =>
    `/reports/${run}.pdf?scale=${scale}&names=${names}`,
  /** CSV of an evaluation's per-image table. */
  evaluationTable: (run: RunId, scale: Scale, scope: Scope) =>
    `/evaluations/${run}.csv?scale=${scale}&scope=${scope}`,
  /** ZIP of a sweep: configuration, hashes, figures, raw maps. */
  bundle: (sweep: SweepId) => `/bundles/${sweep}.zip`,
  /** CSV of every curve of an evaluation. */
  evaluationCurves: (run: RunId, scale: Scale, scope: Scope) =>
    `/evaluations/${run}/curves.csv?scale=${scale}&scope=${scope}`,
  /** An adapter as a file. */
  adapter: (sha256: string) => `/adapters/${sha256}.nidus-adapter`,
  /** PUT: one file of a drop in the browser host; `batch` is a UUID, `path` relative. Answers `{ folder }`. */
  upload: (batch: string, path: string) => `/uploads/${batch}?path=${encodeURIComponent(path)}`,
} as const;

/** Renderer addresses, shared with the menu and the tests. */
export const views = {
  studies: () => '/studies',
  study: (id: StudyId, tab: 'images' | 'references' | 'inspect' | 'evaluate' | 'report' | 'triage') =>
    `/studies/${id}/${tab}`,
  models: () => '/models',
  jobs: (id?: JobId) => (id === undefined ? '/jobs' : `/jobs?job=${id}`),
  settings: () => '/settings',
} as const;
