/** Clusters and features of patches as colours. Pure. */
import type { PatchPicture } from '#shared/explanation.ts';
import type { ColourGrid } from '../../../viewer/viewer.ts';

/** Told apart by colour-blind eyes as far as sixteen can be: Okabe and Ito's eight, then lighter and darker ones. */
export const clusterColours = [
  '#56b4e9',
  '#e69f00',
  '#009e73',
  '#cc79a7',
  '#f0e442',
  '#0072b2',
  '#d55e00',
  '#bbbbbb',
  '#a6dcff',
  '#ffd58a',
  '#7fe0c3',
  '#f3c1dd',
  '#8a8320',
  '#5a3fb0',
  '#8c3b00',
  '#ffffff',
] as const;

const channels = (colour: string) => [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));

/** Null for a method that does not cluster. */
export function clusterGrid({ rows, columns, clusters }: PatchPicture): ColourGrid | null {
  if (!clusters) return null;
  const data = new Uint8Array(rows * columns * 4);
  for (const [patch, cluster] of clusters.entries()) {
    if (cluster >= 0)
      data.set([...channels(clusterColours[cluster % clusterColours.length]!), 255], patch * 4);
  }
  return { rows, columns, data };
}

export function componentGrid({ rows, columns, components }: PatchPicture): ColourGrid {
  const data = new Uint8Array(rows * columns * 4);
  for (let patch = 0; patch < rows * columns; patch++) {
    const colour = components.slice(patch * 3, patch * 3 + 3);
    if (colour[0]! >= 0) data.set([...colour, 255], patch * 4);
  }
  return { rows, columns, data };
}
