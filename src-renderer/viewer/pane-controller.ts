/** Turns pointer and wheel events of one pane into views, windows and callbacks. Touches no store and no pixels. */
import {
  clickSlop,
  dragZoom,
  interactionProfiles,
  wheelPixels,
  wheelSteps,
  wheelZoom,
} from './interaction.ts';
import type { DragAction, ProfileName } from './interaction.ts';
import { keepInImage, pan, screenToImage, zoomAt, zoomLimits } from './view.ts';
import type { ImageFrame, PaneSize, PixelPoint, ScreenPoint, View } from './view.ts';
import type { PaneTool, ToolDrag } from './tool.ts';
import { dragWindow } from './window-level.ts';
import type { WindowLevel } from './window-level.ts';

/** What the controller sees and changes: the pane, while it has an image. */
export interface PaneState {
  readonly size: PaneSize;
  readonly image: ImageFrame;
  view: View;
  window: WindowLevel;
}

export interface PaneCallbacks {
  /** Undefined when the pointer leaves the pane. The point may lie outside the image. */
  readonly onHover?: (point: PixelPoint | undefined) => void;
  /** Press and release of the left button in one place. */
  readonly onClick?: (point: PixelPoint, event: PointerEvent) => void;
  readonly onDoubleClick?: (point: PixelPoint) => void;
  /** Wheel steps through slices, down is +1. */
  readonly onStep?: (steps: number) => void;
  /** The tool in hand at this moment; it comes before everything above. */
  readonly tool?: () => PaneTool | undefined;
}

interface Drag {
  readonly pointer: number;
  readonly button: number;
  readonly action: DragAction | ToolDrag;
  readonly start: ScreenPoint;
  last: ScreenPoint;
  clicking: boolean;
}

/** Listens until the returned function is called. `state` is undefined while the pane shows nothing. */
export function controlPane(
  element: HTMLElement,
  profileName: ProfileName,
  callbacks: PaneCallbacks,
  state: () => PaneState | undefined,
): () => void {
  const profile = interactionProfiles[profileName];
  const listening = new AbortController();
  let drag: Drag | undefined;
  let wheelLeftOver = 0;

  const imagePoint = (at: PaneState, event: MouseEvent) =>
    screenToImage(at.view, at.size, screenPoint(element, event));

  function zoom(pane: PaneState, at: ScreenPoint, factor: number): void {
    const { view, size, image } = pane;
    const limits = zoomLimits(size, image, view.orientation);
    pane.view = keepInImage(zoomAt(view, size, at, factor, limits), image);
  }

  function press(event: PointerEvent): void {
    const pane = state();
    if (pane === undefined || drag !== undefined) return;
    // Stops the middle button's scrolling and the selection of text around the pane.
    event.preventDefault();
    element.setPointerCapture(event.pointerId);
    element.focus({ preventScroll: true });
    const claimed =
      event.button === 0 ? callbacks.tool?.()?.press?.(imagePoint(pane, event), event) : undefined;
    const start = screenPoint(element, event);
    const action = claimed ?? profile.drag[event.button as 0 | 1 | 2] ?? 'pan';
    const clicking = event.button === 0 && claimed === undefined;
    drag = { pointer: event.pointerId, button: event.button, action, start, last: start, clicking };
  }

  function move(event: PointerEvent): void {
    const pane = state();
    if (pane === undefined) return;
    if (drag?.pointer === event.pointerId) continueDrag(pane, drag, event);
    const point = imagePoint(pane, event);
    callbacks.onHover?.(point);
    callbacks.tool?.()?.hover?.(point, event);
  }

  function continueDrag(pane: PaneState, current: Drag, event: PointerEvent): void {
    const point = screenPoint(element, event);
    if (typeof current.action === 'object') return current.action.move(imagePoint(pane, event), event);
    const travel = Math.hypot(point[0] - current.start[0], point[1] - current.start[1]);
    if (current.clicking && travel < clickSlop) return;
    current.clicking = false;
    const [dx, dy] = [point[0] - current.last[0], point[1] - current.last[1]];
    current.last = point;
    if (current.action === 'pan') pane.view = keepInImage(pan(pane.view, dx, dy), pane.image);
    if (current.action === 'window') pane.window = dragWindow(pane.window, dx, dy, pane.size.width);
    if (current.action === 'zoom') zoom(pane, current.start, dragZoom(dy));
  }

  function release(event: PointerEvent): void {
    if (drag?.pointer !== event.pointerId) return;
    const ended = drag;
    drag = undefined;
    const pane = state();
    if (pane === undefined) return;
    const cancelled = event.type !== 'pointerup';
    const point = imagePoint(pane, event);
    if (typeof ended.action === 'object') ended.action.end(point, cancelled);
    else if (ended.clicking && !cancelled) callbacks.onClick?.(point, event);
  }

  function wheel(event: WheelEvent): void {
    const pane = state();
    if (pane === undefined) return;
    event.preventDefault();
    const pixels = wheelPixels(event.deltaY, event.deltaMode);
    if (profile.wheel === 'zoom' || event.ctrlKey || event.metaKey) {
      zoom(pane, screenPoint(element, event), wheelZoom(pixels));
      return;
    }
    const turned = wheelSteps(wheelLeftOver, pixels);
    wheelLeftOver = turned.leftOver;
    if (turned.steps !== 0) callbacks.onStep?.(turned.steps);
  }

  const options = { signal: listening.signal };
  element.addEventListener('pointerdown', press, options);
  element.addEventListener('pointermove', move, options);
  element.addEventListener('pointerup', release, options);
  element.addEventListener('pointercancel', release, options);
  element.addEventListener('lostpointercapture', release, options);
  element.addEventListener(
    'pointerleave',
    (event) => {
      callbacks.onHover?.(undefined);
      callbacks.tool?.()?.hover?.(undefined, event);
    },
    options,
  );
  element.addEventListener('contextmenu', (event) => event.preventDefault(), options);
  element.addEventListener('wheel', wheel, { ...options, passive: false });
  element.addEventListener(
    'dblclick',
    (event) => {
      const pane = state();
      if (pane === undefined) return;
      const point = imagePoint(pane, event);
      if (callbacks.tool?.()?.doubleClick?.(point) !== true) callbacks.onDoubleClick?.(point);
    },
    options,
  );
  return () => listening.abort();
}

function screenPoint(element: HTMLElement, event: MouseEvent): ScreenPoint {
  const box = element.getBoundingClientRect();
  return [event.clientX - box.left, event.clientY - box.top];
}
