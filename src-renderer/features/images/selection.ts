/** Choosing among images in a list: one, several with Ctrl, a range with Shift. */
import type { ImageId } from '#shared/domain.ts';

export interface Selection {
  readonly chosen: ReadonlySet<ImageId>;
  /** The image the keyboard stands on; details are shown of it. */
  readonly cursor: ImageId | undefined;
  /** Where a Shift range begins. */
  readonly anchor: ImageId | undefined;
}

export const emptySelection: Selection = { chosen: new Set(), cursor: undefined, anchor: undefined };

export interface Modifiers {
  readonly shift: boolean;
  readonly mod: boolean;
}

function between(order: readonly ImageId[], a: ImageId, b: ImageId): readonly ImageId[] {
  const from = order.indexOf(a);
  const to = order.indexOf(b);
  if (from < 0 || to < 0) return [b];
  return order.slice(Math.min(from, to), Math.max(from, to) + 1);
}

/** The selection after an image was clicked or reached by key. */
export function choose(
  selection: Selection,
  image: ImageId,
  order: readonly ImageId[],
  { shift, mod }: Modifiers,
): Selection {
  if (shift && selection.anchor !== undefined) {
    const range = between(order, selection.anchor, image);
    return {
      chosen: new Set(mod ? [...selection.chosen, ...range] : range),
      cursor: image,
      anchor: selection.anchor,
    };
  }
  if (mod) {
    const chosen = new Set(selection.chosen);
    if (!chosen.delete(image)) chosen.add(image);
    return { chosen, cursor: image, anchor: image };
  }
  return { chosen: new Set([image]), cursor: image, anchor: image };
}

export function chooseAll(selection: Selection, order: readonly ImageId[]): Selection {
  return { ...selection, chosen: new Set(order), anchor: order[0] };
}

/** The selection without what is no longer there. */
export function keepExisting(selection: Selection, existing: ReadonlySet<ImageId>): Selection {
  const still = (image: ImageId | undefined) =>
    image !== undefined && existing.has(image) ? image : undefined;
  return {
    chosen: new Set([...selection.chosen].filter((image) => existing.has(image))),
    cursor: still(selection.cursor),
    anchor: still(selection.anchor),
  };
}
