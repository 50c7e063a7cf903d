/** Draws only the panes that changed, at most once a frame. */

export interface FrameLoop {
  /** Asks for the pane in this slot to be drawn at the next frame. */
  mark(slot: number): void;
  dispose(): void;
}

export const slotLimit = 31;

/** `draw` is called with the slot of each marked pane. `slot` is below {@link slotLimit}: one bit of the mask. */
export function createFrameLoop(draw: (slot: number) => void): FrameLoop {
  let dirty = 0;
  let request: number | undefined;

  function drawDirty(): void {
    request = undefined;
    const slots = dirty;
    dirty = 0;
    for (let slot = 0; slot < slotLimit; slot++) if (slots & (1 << slot)) draw(slot);
  }

  return {
    mark(slot) {
      dirty |= 1 << slot;
      request ??= requestAnimationFrame(drawDirty);
    },
    dispose() {
      if (request !== undefined) cancelAnimationFrame(request);
      dirty = 0;
    },
  };
}
