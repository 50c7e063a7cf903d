export { foregroundPatches, maskToPatches, nonZeroMask } from './foreground.ts';
export { embeddingSimilarity, rankEmbeddings } from './matching.ts';
export type { EmbeddingRanking } from './matching.ts';
export { scoreDinoAd } from './score.ts';
export type { DinoAdInput, DinoAdScore, SupportImage } from './score.ts';
export { meanCosineSimilarity } from './similarity.ts';
