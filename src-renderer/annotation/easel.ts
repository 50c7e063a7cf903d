/** A label map while something is done to it: remembers what was there, says what changed, and can take it back. */
import type { Rectangle } from '#shared/annotation.ts';
import { changedRectangle, cut, paste, union, type LabelMap, type Patch } from './label-map.ts';

export interface Easel {
  readonly labels: LabelMap;
  /** One stroke begins; what is there now is what `rollback` goes back to. */
  begin(): void;
  /** Does a part of the stroke. `work` returns the rectangle it may have changed. */
  draw(work: (labels: LabelMap) => Rectangle | null): void;
  /** The stroke as a patch; null when no pixel is another than before. */
  commit(): Patch | null;
  rollback(): void;
  /** Puts one side of a patch in its place, for undo and redo. */
  restore(rectangle: Rectangle, bytes: Uint8Array): void;
}

/** @param onTouched called with each rectangle that has to be drawn anew */
export function createEasel(labels: LabelMap, onTouched: (rectangle: Rectangle) => void): Easel {
  let before: LabelMap | null = null;
  let touched: Rectangle | null = null;

  return {
    labels,
    begin() {
      before = { ...labels, data: labels.data.slice() };
      touched = null;
    },
    draw(work) {
      const rectangle = work(labels);
      if (rectangle === null) return;
      touched = union(touched, rectangle);
      onTouched(rectangle);
    },
    commit() {
      if (before === null) return null;
      const old = before;
      before = null;
      const rectangle = touched && changedRectangle(old, labels);
      return rectangle && { rectangle, before: cut(old, rectangle), after: cut(labels, rectangle) };
    },
    rollback() {
      if (before !== null && touched !== null) {
        paste(labels, touched, cut(before, touched));
        onTouched(touched);
      }
      before = null;
      touched = null;
    },
    restore(rectangle, bytes) {
      paste(labels, rectangle, bytes);
      onTouched(rectangle);
    },
  };
}
