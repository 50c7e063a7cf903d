/** What main asks the engine for an examination of normal images. Indices count the images of a pool. */
import type { PatchMask, ScoreMap } from './arrays.ts';
import type { EngineImage } from './engine-protocol.ts';
import type { DoctorFindings, DoctorSettings, Proposal } from './references.ts';

export interface NearestRequest {
  readonly poolKey: string;
  readonly settings: DoctorSettings;
  readonly asked: Int32Array;
  /** 1 = the image may be found; one entry an image of the pool. */
  readonly findable: Uint8Array;
  /** Images of the same group do not find each other; every image is alone in its group or shares it. */
  readonly groups: Int32Array;
  readonly k: number;
}

/** asked x k, most similar first; -1 and NaN where there are fewer. */
export interface NearestReply {
  readonly indices: Int32Array;
  readonly similarities: Float64Array;
}

export interface ExaminedImages {
  readonly poolKey: string;
  readonly settings: DoctorSettings;
  /** The first images of the pool; after them come the queries, then images left out of both. */
  readonly normals: number;
  readonly queries: number;
  readonly patients: readonly (string | null)[];
  readonly samePicture: readonly (readonly [number, number])[];
  readonly distances: Float64Array;
  readonly reach: readonly { readonly spare: number; readonly query: number; readonly distance: number }[];
  readonly scores: Float64Array;
}

export interface DoctorCalls {
  'nearest-images': { request: NearestRequest; reply: NearestReply };
  /** Pairs of images that show one picture, enough of them to tell which belong together. */
  'find-copies': {
    request: { poolKey: string };
    reply: { pairs: readonly (readonly [number, number])[] };
  };
  /** Null when the image or all references have no foreground. */
  'leave-one-out': {
    request: { image: EngineImage; references: readonly EngineImage[]; settings: DoctorSettings };
    reply: { scores: ScoreMap; foreground: PatchMask; imageScore: number } | null;
  };
  /** x and y of every image of the pool. */
  'project-images': {
    request: { poolKey: string; settings: DoctorSettings; seed: number };
    reply: { pca: Float32Array; umap: Float32Array | null };
  };
  'doctor-findings': {
    request: ExaminedImages;
    reply: Omit<DoctorFindings, 'normals' | 'queries' | 'proposal'> & {
      proposal: Omit<Proposal, 'falsePositives'>;
    };
  };
}
