/** What pointer and wheel mean. Pure; the listeners are in pane-controller.ts. */

export type DragAction = 'pan' | 'window' | 'zoom';

export interface InteractionProfile {
  /** By button, as `PointerEvent.button` counts: left, middle, right. */
  readonly drag: readonly [left: DragAction, middle: DragAction, right: DragAction];
  /** The plain wheel; with Ctrl (and a pinch on a trackpad) it always zooms. */
  readonly wheel: 'zoom' | 'step';
}

export type ProfileName = 'industrial' | 'radiology';

export const interactionProfiles: Readonly<Record<ProfileName, InteractionProfile>> = {
  industrial: { drag: ['pan', 'pan', 'window'], wheel: 'zoom' },
  radiology: { drag: ['window', 'pan', 'zoom'], wheel: 'step' },
};

/** A pointer that moved less than this between press and release has clicked. CSS pixels. */
export const clickSlop = 4;

const pixelsPerLine = 16;
const pixelsPerPage = 400;
const notch = 50;
const zoomPerPixel = 0.01;
/** A mouse sends 100 to 120 pixels a notch where a trackpad sends a few: one notch zooms by a third. */
const largestZoomDelta = 30;

/** The wheel's vertical travel in CSS pixels, whatever unit the device counts in. */
export function wheelPixels(delta: number, mode: number): number {
  if (mode === 1) return delta * pixelsPerLine;
  return mode === 2 ? delta * pixelsPerPage : delta;
}

/** Zoom factor of a wheel movement: up (negative) comes closer. */
export function wheelZoom(pixels: number): number {
  return Math.exp(-Math.max(-largestZoomDelta, Math.min(largestZoomDelta, pixels)) * zoomPerPixel);
}

/** Zoom factor of a drag: up (negative) comes closer. */
export function dragZoom(dy: number): number {
  return Math.exp(-dy * zoomPerPixel);
}

/**
 * Whole steps out of wheel movements: a mouse notch is one, small movements of a trackpad add up to one.
 * Returns the steps (down is forward) and what is left over for the next movement.
 */
export function wheelSteps(
  leftOver: number,
  pixels: number,
): { readonly steps: number; readonly leftOver: number } {
  if (Math.abs(pixels) >= notch) return { steps: Math.sign(pixels), leftOver: 0 };
  const sum = Math.sign(leftOver) === -Math.sign(pixels) ? pixels : leftOver + pixels;
  const steps = Math.trunc(sum / notch) + 0;
  return { steps, leftOver: sum - steps * notch };
}
