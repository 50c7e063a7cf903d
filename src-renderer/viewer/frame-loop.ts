/** Draws only the panes that changed, at most once a frame. */

export interface FrameLoop<Pane> {
  /** Asks for the pane to be drawn at the next frame. */
  mark(pane: Pane): void;
  /** Takes the pane off the list. */
  drop(pane: Pane): void;
  dispose(): void;
}

export function createFrameLoop<Pane>(draw: (pane: Pane) => void): FrameLoop<Pane> {
  const dirty = new Set<Pane>();
  let request: number | undefined;

  function drawDirty(): void {
    request = undefined;
    const marked = [...dirty];
    dirty.clear();
    marked.forEach(draw);
  }

  return {
    mark(pane) {
      dirty.add(pane);
      request ??= requestAnimationFrame(drawDirty);
    },
    drop: (pane) => dirty.delete(pane),
    dispose() {
      if (request !== undefined) cancelAnimationFrame(request);
      dirty.clear();
    },
  };
}
