/** Why a patch is hot, and what the features look like. */
import { z } from 'zod';
import { ImageId } from './domain.ts';

/** A patch of a support image and its cosine similarity to the patch that was asked about. */
export const PatchMatch = z.object({ row: z.int(), column: z.int(), similarity: z.number() });
export type PatchMatch = z.infer<typeof PatchMatch>;

export const Explanation = z.object({
  imageId: ImageId,
  row: z.int(),
  column: z.int(),
  /** Grid of the query. */
  rows: z.int(),
  columns: z.int(),
  /** Raw. */
  score: z.number(),
  references: z.array(
    z.object({
      imageId: ImageId,
      /** Of the embeddings. */
      similarity: z.number(),
      rows: z.int(),
      columns: z.int(),
      /** Of its patches that count; null when none does. */
      best: PatchMatch.nullable(),
      worst: PatchMatch.nullable(),
      /** The raw score if this image were no reference; null where nothing could then be compared with. */
      without: z.number().nullable(),
    }),
  ),
  /** Largest first; none for methods that do not cluster. */
  centroids: z.array(
    z.object({
      /** Support patches of the cluster. */
      patches: z.int(),
      /** Of the patch that was asked about. */
      similarity: z.number(),
      /** The support patch most like the centroid, which itself lies nowhere. */
      nearest: z.object({ imageId: ImageId, row: z.int(), column: z.int() }),
    }),
  ),
});
export type Explanation = z.infer<typeof Explanation>;

/** The patches of one image as the method sees them. */
export const PatchPicture = z.object({
  imageId: ImageId,
  rows: z.int(),
  columns: z.int(),
  /** Cluster of every patch, from 0; -1 where it does not count. Null for methods that do not cluster. */
  clusters: z.array(z.int()).nullable(),
  /** First three principal components as red, green, blue, 0..255, rows x columns x 3; -1 where a patch does not count. */
  components: z.array(z.int()),
});
export type PatchPicture = z.infer<typeof PatchPicture>;

export const FeaturePictures = z.object({ query: PatchPicture, supports: z.array(PatchPicture) });
export type FeaturePictures = z.infer<typeof FeaturePictures>;
