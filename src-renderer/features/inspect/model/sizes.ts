/** Image sizes worth offering: the papers' and their neighbours. */
const common = [224, 336, 448, 512, 518, 672, 768, 896, 1024];

/** Sizes a model with this patch can take, with the present one among them. */
export function sizesFor(patch: number, present: number): number[] {
  const fitting = common.filter((size) => size % patch === 0);
  return [...new Set([...fitting, present])].sort((a, b) => a - b);
}

/** The size itself if the patch divides it, else the nearest that it divides. */
export function nearestSize(size: number, patch: number): number {
  return Math.max(patch, Math.round(size / patch) * patch);
}
