import { Brush, Eraser, Lasso, PaintBucket, Pentagon } from '@lucide/vue';
import { shallowRef, type Component, type ShallowRef } from 'vue';
import type { PixelArray } from '#shared/arrays.ts';
import { drawingPen, erasingPen } from '../../annotation/pen.ts';
import type { Point } from '../../annotation/shapes.ts';
import { brushTool } from '../../annotation/tools/brush.ts';
import { fillTool } from '../../annotation/tools/fill.ts';
import { lassoTool } from '../../annotation/tools/lasso.ts';
import { polygonTool } from '../../annotation/tools/polygon.ts';
import type { Tool, Workbench } from '../../annotation/tools/tool.ts';
import type { PaneTool } from '../../viewer/viewer.ts';
import { useDrawingSettings } from './settings.ts';
import type { UsedAnnotation } from './useAnnotation.ts';

export interface DrawingTool {
  readonly id: string;
  readonly label: string;
  readonly icon: Component;
  readonly keys: readonly string[];
  readonly tool: Tool;
  /** Its tip is a circle of the brush's size. */
  readonly round: boolean;
}

export interface DrawingTools {
  readonly tools: readonly DrawingTool[];
  /** Where the pointer (or the keyboard's cursor) is, and the outline that is not finished; for what is drawn over the image. */
  readonly tip: Readonly<ShallowRef<Point | null>>;
  readonly outline: Readonly<ShallowRef<readonly Point[]>>;
  /** What a pane does with the left button while a tool is in the hand. */
  inPane(drawing: DrawingTool): PaneTool;
  /** Lets a tool do something, and follows what it shows. */
  use(work: () => void): void;
  moveTip(point: Point | null): void;
}

/** Corners closer than this are the same one, in CSS pixels. */
const grip = 8;

/** The tools that draw on an annotation. `zoom` is CSS pixels per image pixel, `pixels` those under the annotation. */
export function useDrawingTools(
  annotation: UsedAnnotation,
  pixels: () => PixelArray | undefined,
  zoom: () => number,
): DrawingTools {
  const settings = useDrawingSettings();
  const tip = shallowRef<Point | null>(null);
  const outline = shallowRef<readonly Point[]>([]);

  const session = () => {
    const open = annotation.open.value;
    if (open === null) throw new Error('Nothing is open to draw on.');
    return open.session;
  };
  const bench = (erases: boolean): Workbench => ({
    easel: () => session().easel,
    pen: () => (erases ? erasingPen : drawingPen)(annotation.segment.value, settings.keepOthers),
    finished: (title, patch) => session().add(title, patch),
  });
  const radius = () => settings.radius;
  const tolerance = () => {
    const under = pixels();
    if (under === undefined || settings.tolerance >= 100) return Infinity;
    const { statistics } = annotation.open.value!.image;
    return ((statistics.max - statistics.min) * settings.tolerance) / 100;
  };

  const tools: readonly DrawingTool[] = [
    {
      id: 'annotate.brush',
      label: 'Brush',
      icon: Brush,
      keys: ['B'],
      round: true,
      tool: brushTool(bench(false), 'Brush', radius),
    },
    {
      id: 'annotate.eraser',
      label: 'Eraser',
      icon: Eraser,
      keys: ['E'],
      round: true,
      tool: brushTool(bench(true), 'Eraser', radius),
    },
    {
      id: 'annotate.lasso',
      label: 'Lasso',
      icon: Lasso,
      keys: ['L'],
      round: false,
      tool: lassoTool(bench(false)),
    },
    {
      id: 'annotate.polygon',
      label: 'Polygon',
      icon: Pentagon,
      keys: ['O'],
      round: false,
      tool: polygonTool(bench(false), () => grip / zoom()),
    },
    {
      id: 'annotate.fill',
      label: 'Flood fill',
      icon: PaintBucket,
      keys: ['H'],
      round: false,
      tool: fillTool(bench(false), () => pixels()!, tolerance),
    },
  ];

  function use(work: () => void): void {
    if (annotation.open.value === null || pixels() === undefined) return;
    work();
    outline.value = tools.map(({ tool }) => tool.outline()).find((points) => points.length > 0) ?? [];
  }

  return {
    tools,
    tip,
    outline,
    use,
    moveTip: (point) => (tip.value = point),
    inPane: ({ tool }) => ({
      cursor: 'crosshair',
      press(point) {
        if (annotation.open.value === null) return undefined;
        use(() => tool.press(point));
        return {
          move: (to) => use(() => tool.move(to)),
          end: (at, cancelled) => use(() => (cancelled ? tool.cancel() : tool.release(at))),
        };
      },
      hover(point, event) {
        tip.value = point ?? null;
        // With the button down the drag moves it.
        if (point !== undefined && event.buttons === 0) use(() => tool.move(point));
      },
      doubleClick() {
        use(() => tool.finish());
        return true;
      },
    }),
  };
}
