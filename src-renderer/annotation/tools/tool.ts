/**
 * A tool turns what the pointer (or the keyboard's cursor) does into strokes. Points are in image pixels and may lie
 * outside of the image.
 */
import type { Easel } from '../easel.ts';
import type { Patch } from '../label-map.ts';
import type { Pen } from '../pen.ts';
import type { Point } from '../shapes.ts';

export interface Tool {
  press(point: Point): void;
  /** With the button down or up. */
  move(point: Point): void;
  release(point: Point): void;
  /** Takes back what is not finished. True when there was something. */
  cancel(): boolean;
  /** Ends what goes on until it is told to end (a polygon). */
  finish(): void;
  /** Takes back the last part of what is not finished. True when there was one. */
  stepBack(): boolean;
  /** An outline that is not finished yet, to be drawn over the image. */
  outline(): readonly Point[];
}

/** What tools have in common: where they draw, with what, and who hears of a finished stroke. */
export interface Workbench {
  readonly easel: () => Easel;
  readonly pen: () => Pen;
  readonly finished: (title: string, patch: Patch) => void;
}

export const noOutline: readonly Point[] = [];

/** A tool that has no unfinished outline unless it says so. */
export const toolDefaults = {
  finish: () => undefined,
  stepBack: () => false,
  outline: () => noOutline,
} satisfies Partial<Tool>;

/** Ends a stroke; one that changed nothing is none. */
export function commitStroke({ easel, finished }: Workbench, title: string): void {
  const patch = easel().commit();
  if (patch !== null) finished(title, patch);
}
