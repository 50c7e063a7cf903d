export { quantile, upperFence } from './fence.ts';
export {
  abnormalNormals,
  duplicateNormals,
  leaks,
  proposal,
  sharedPatients,
  uncoveredQueries,
} from './findings.ts';
export type { Examined } from './findings.ts';
export { groupsOf } from './groups.ts';
export { coveringRows } from './k-center.ts';
export { scoreLeftOut } from './leave-one-out.ts';
export {
  detailCorrelation,
  detailSize,
  pictureDetails,
  sketchDetails,
  sketchLength,
} from './picture-details.ts';
