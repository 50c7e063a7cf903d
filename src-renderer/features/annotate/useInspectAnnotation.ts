/** Annotation in Inspect: tools for the rail, the label map and marks over the cells of the query, and its commands. */
import { Crosshair, MessageSquareText, ScanLine } from '@lucide/vue';
import { computed, h, shallowRef, type FunctionalComponent } from 'vue';
import { defineCommand, useCommands } from '../../commands/command.ts';
import { maskOf } from '../../annotation/label-map.ts';
import type { PixelPoint } from '../../viewer/viewer.ts';
import type { Session } from '../inspect/session/session.ts';
import type { CellContext, CellGeometry, InspectTool } from '../inspect/tools/toolbox.ts';
import { annotationCommands, copyCommand } from './annotationCommands.ts';
import DrawingOverlay from './DrawingOverlay.vue';
import { useDrawingTools } from './drawing-tools.ts';
import { segmentColours, useDrawingSettings } from './settings.ts';
import { useAnnotation } from './useAnnotation.ts';
import { useAnnotationActions } from './useAnnotationActions.ts';
import { useKeyboardCursor } from './useKeyboardCursor.ts';

const group = 'Annotate';
/** Pictures the annotation is drawn over; the others show what can be compared with it. */
const drawnOver = new Set<string>(['query', 'map', 'truth']);

export function useInspectAnnotation(session: Session) {
  const { frames, map, queue, data, toolbox } = session;
  const settings = useDrawingSettings();
  const annotation = useAnnotation(() => frames.frame.value?.image);
  let zoom = 1;
  const chosen = shallowRef<string | null>(null);
  const noteAt = shallowRef<PixelPoint | null>(null);
  const pixels = () => frames.frame.value?.pixels;
  const drawing = useDrawingTools(annotation, pixels, () => zoom);
  const actions = useAnnotationActions(annotation);
  session.judged.drawnBy(() => {
    // Finished strokes: a mask for each movement of the brush would be one for each frame.
    void annotation.state.value;
    return annotation.open.value && maskOf(annotation.open.value.session.easel.labels);
  });
  const inHand = () => drawing.tools.find(({ id }) => id === toolbox.active.value?.id);

  const isOwn = ({ image, cell }: CellContext) =>
    annotation.open.value?.image.id === image.id && drawnOver.has(cell.kind);
  const place = (
    id: string,
    label: string,
    icon: InspectTool['icon'],
    key: string,
    put: (at: PixelPoint) => void,
  ) =>
    ({
      id,
      label,
      icon,
      keys: [key],
      group,
      inCell: (context: CellContext) =>
        isOwn(context)
          ? {
              cursor: 'copy',
              press(point: PixelPoint) {
                put(point);
                return { move: () => undefined, end: () => undefined };
              },
              doubleClick: () => true,
            }
          : undefined,
    }) satisfies InspectTool;

  toolbox.addTools([
    ...drawing.tools.map((tool): InspectTool => ({
      id: tool.id,
      label: tool.label,
      icon: tool.icon,
      keys: tool.keys,
      group,
      inCell: (context) => (isOwn(context) ? drawing.inPane(tool) : undefined),
    })),
    place('annotate.finding', 'Finding: a verdict on a region', Crosshair, 'J', (at) => {
      chosen.value = actions.addFinding(at);
    }),
    place('annotate.note', 'Note on the image', MessageSquareText, 'N', (at) => (noteAt.value = at)),
  ]);

  const overlay: FunctionalComponent<{ context: CellContext; geometry: CellGeometry }> = ({
    context,
    geometry,
  }) => {
    if (!isOwn(context)) return null;
    zoom = geometry.zoom;
    const tool = inHand();
    return h(DrawingOverlay, {
      width: geometry.width,
      height: geometry.height,
      document: annotation.state.value?.document ?? null,
      outline: drawing.outline.value,
      tip: tool ? drawing.tip.value : null,
      tipRadius: tool?.round ? settings.radius * geometry.zoom : null,
      crosshair: cursorShown.value,
      chosen: chosen.value,
      toScreen: geometry.toScreen,
    });
  };
  overlay.props = ['context', 'geometry'];
  toolbox.addLayer({
    overlay,
    decorate(context, scene) {
      const open = annotation.open.value;
      if (open === null || !isOwn(context) || annotation.sizes.value.size + annotation.version.value === 0)
        return scene;
      return {
        ...scene,
        labels: { labels: open.live, colours: segmentColours, opacity: settings.opacity },
      };
    },
  });

  const commands = annotationCommands({ annotation, actions, drawing, inHand });
  const next = computed(() => {
    const item = queue.items.value[queue.position.value + 1];
    return item && data.imageOf(item.id);
  });
  const copy = copyCommand(
    () => annotation.open.value !== null && next.value !== undefined,
    async () => {
      if (next.value === undefined) return;
      await actions.copyTo(next.value);
      queue.step(1);
    },
  );
  const threshold = defineCommand({
    id: 'annotate.threshold',
    label: 'Draw what the map shows above the threshold',
    group,
    keys: ['Shift+T'],
    icon: ScanLine,
    enabled: () => annotation.open.value !== null && map.view.value !== null,
    run: () => {
      if (map.view.value) actions.markThreshold(map.view.value.map, map.threshold.value);
    },
  });
  useCommands([...commands.all, copy, threshold]);
  const cursorShown = useKeyboardCursor({ drawing, inHand, size: pixels });

  return { annotation, actions, commands: { ...commands, copy, threshold }, chosen, noteAt, inHand, pixels };
}

export type InspectAnnotation = ReturnType<typeof useInspectAnnotation>;
