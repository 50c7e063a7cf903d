/** What the left button does instead of panning or windowing: a ruler, a brush, a question about a patch. */
import type { PixelPoint } from './view.ts';

/** Points may lie outside the image. */
export interface ToolDrag {
  move(point: PixelPoint, event: PointerEvent): void;
  /** `cancelled`: the system took the pointer away. */
  end(point: PixelPoint, cancelled: boolean): void;
}

/** Everything is in image coordinates, where pixel `i` covers `[i, i + 1)`, whatever zoom and orientation. */
export interface PaneTool {
  /** CSS cursor over the image. */
  readonly cursor?: string;
  /** A press of the left button. What it returns gets the drag; undefined leaves it to pan, window and zoom. */
  press?(point: PixelPoint, event: PointerEvent): ToolDrag | undefined;
  /** Also while dragging; undefined when the pointer leaves the pane. */
  hover?(point: PixelPoint | undefined, event: PointerEvent): void;
  /** True when the double click was for the tool, so that the pane does nothing with it. */
  doubleClick?(point: PixelPoint): boolean;
}
