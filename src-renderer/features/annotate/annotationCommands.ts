import { ClipboardCopy, Redo2, Save, Undo2 } from '@lucide/vue';
import { defineCommand, type Command } from '../../commands/command.ts';
import type { DrawingTool, DrawingTools } from './drawing-tools.ts';
import { useDrawingSettings } from './settings.ts';
import type { UsedAnnotation } from './useAnnotation.ts';
import type { AnnotationActions } from './useAnnotationActions.ts';

const group = 'Annotate';
const brushStep = 1.25;
const smallestBrush = 0.5;
const largestBrush = 200;

interface Options {
  readonly annotation: UsedAnnotation;
  readonly actions: AnnotationActions;
  readonly drawing: DrawingTools;
  readonly inHand: () => DrawingTool | undefined;
}

/** What an annotation can be told by key and palette wherever it is drawn. */
export function annotationCommands({ annotation, actions, drawing, inHand }: Options) {
  const settings = useDrawingSettings();
  const isOpen = () => annotation.open.value !== null;
  const unfinished = () => drawing.outline.value.length > 0;
  const session = () => annotation.open.value?.session;

  const undo = defineCommand({
    id: 'annotate.undo',
    label: 'Undo',
    group,
    keys: ['Mod+Z'],
    icon: Undo2,
    enabled: () => unfinished() || (annotation.state.value?.undo ?? null) !== null,
    async run() {
      let steppedBack = false;
      drawing.use(() => (steppedBack = inHand()?.tool.stepBack() === true));
      if (!steppedBack) await session()?.undo();
    },
  });
  const redo = defineCommand({
    id: 'annotate.redo',
    label: 'Redo',
    group,
    keys: ['Mod+Shift+Z', 'Mod+Y'],
    icon: Redo2,
    enabled: () => (annotation.state.value?.redo ?? null) !== null,
    run: async () => session()?.redo(),
  });
  const save = defineCommand({
    id: 'annotate.save',
    label: 'Save a revision',
    group,
    keys: ['Mod+S'],
    icon: Save,
    enabled: isOpen,
    run: async () => session()?.keep('saved'),
  });
  const holes = defineCommand({
    id: 'annotate.holes',
    label: 'Fill holes',
    group,
    keys: ['Shift+H'],
    enabled: isOpen,
    run: actions.fillHoles,
  });
  const smoother = defineCommand({
    id: 'annotate.smooth',
    label: 'Smooth',
    group,
    keys: ['Shift+S'],
    enabled: isOpen,
    run: actions.smooth,
  });
  const clear = defineCommand({
    id: 'annotate.clear',
    label: 'Clear segment',
    group,
    enabled: isOpen,
    run: actions.clearSegment,
  });
  const resize = (id: string, label: string, key: string, factor: number) =>
    defineCommand({
      id: `annotate.${id}`,
      label,
      group,
      keys: [key],
      run: () => {
        const wanted = Math.round(settings.radius * factor * 2) / 2;
        const moved = wanted === settings.radius ? settings.radius + Math.sign(factor - 1) / 2 : wanted;
        settings.radius = Math.max(smallestBrush, Math.min(largestBrush, moved));
      },
    });

  const others: Command[] = [
    resize('larger', 'Larger brush', 'Alt+.', brushStep),
    resize('smaller', 'Smaller brush', 'Alt+,', 1 / brushStep),
    defineCommand({
      id: 'annotate.finish',
      label: 'Close the polygon',
      group,
      keys: ['Enter'],
      keyOnly: true,
      enabled: unfinished,
      run: () => drawing.use(() => inHand()?.tool.finish()),
    }),
    defineCommand({
      id: 'annotate.back',
      label: 'Take back the last corner',
      group,
      keys: ['Backspace'],
      keyOnly: true,
      enabled: unfinished,
      run: () => drawing.use(() => inHand()?.tool.stepBack()),
    }),
    defineCommand({
      id: 'annotate.cancel',
      label: 'Give up the outline',
      group,
      keys: ['Escape'],
      keyOnly: true,
      enabled: unfinished,
      run: () => drawing.use(() => inHand()?.tool.cancel()),
    }),
    defineCommand({
      id: 'annotate.segment',
      label: 'Draw the next segment',
      group,
      keys: ['Shift+N'],
      enabled: isOpen,
      run: () => {
        const segments = annotation.state.value?.document.segments ?? [];
        const at = segments.findIndex(({ value }) => value === annotation.segment.value);
        annotation.segment.value = segments[(at + 1) % segments.length]?.value ?? 1;
      },
    }),
  ];
  return {
    undo,
    redo,
    save,
    holes,
    smoother,
    clear,
    all: [undo, redo, save, holes, smoother, clear, ...others],
  };
}

export type AnnotationCommands = ReturnType<typeof annotationCommands>;

export const copyCommand = (enabled: () => boolean, run: () => Promise<void>) =>
  defineCommand({
    id: 'annotate.copy',
    label: 'Copy to the next image',
    group,
    keys: ['Shift+C'],
    icon: ClipboardCopy,
    enabled,
    run,
  });
