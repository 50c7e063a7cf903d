import { Failure } from '#shared/errors.ts';
import { cosine, dotRows, squaredNorms } from '../linear-algebra/vectors.ts';

/** Cosine similarity of two embeddings, summed in float64; 0 for a zero vector. */
export function embeddingSimilarity(a: Float32Array, b: Float32Array): number {
  const norm = (vector: Float32Array) => squaredNorms(vector, 1, vector.length)[0]!;
  return cosine(dotRows(a, 0, b, 0, a.length), norm(a), norm(b));
}

export interface EmbeddingRanking {
  /** Indices of the embeddings, most similar first; equal similarities by lowest index. */
  readonly order: Int32Array;
  /** Cosine similarity of every embedding with the query, in the order given. */
  readonly similarities: Float64Array;
}

/**
 * Ranks normal images by the cosine similarity of their embeddings (count x dimension, row-major) with
 * the query's embedding (DINO-AD, embedding similarity matching). A zero vector has similarity 0.
 * Throws an 'invalid' Failure when the lengths do not agree.
 */
export function rankEmbeddings(
  embeddings: Float32Array,
  count: number,
  query: Float32Array,
): EmbeddingRanking {
  const dimension = query.length;
  if (embeddings.length !== count * dimension) {
    throw new Failure(
      'invalid',
      `${count} embeddings of ${embeddings.length / count} values cannot be compared with one of ${dimension}.`,
    );
  }
  const norms = squaredNorms(embeddings, count, dimension);
  const queryNorm = squaredNorms(query, 1, dimension)[0]!;
  const similarities = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    similarities[i] = cosine(dotRows(embeddings, i, query, 0, dimension), norms[i]!, queryNorm);
  }
  const order = Int32Array.from({ length: count }, (_, i) => i);
  order.sort((a, b) => similarities[b]! - similarities[a]! || a - b);
  return { order, similarities };
}
