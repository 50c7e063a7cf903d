import { MessageCircleQuestionMark } from '@lucide/vue';
import { computed, shallowRef, watch } from 'vue';
import type { Explanation } from '#shared/explanation.ts';
import { client } from '../../../api/client.ts';
import { defineCommand, useCommands } from '../../../commands/command.ts';
import { patchAt, type PixelPoint } from '../../../viewer/viewer.ts';
import { showsSupport } from '../cells/cell.ts';
import { useLatestAnswer } from '../session/latest-answer.ts';
import type { Session } from '../session/session.ts';
import ExplainOverlay from './ExplainOverlay.vue';
import { provideExplanation } from './explanation.ts';

const group = 'Explain';

/** Why is this hot? Ask with the tool, or by key for the hottest patch; the arrows with Shift and Alt go on from there. */
export function useExplanation({ toolbox, frames, map }: Session) {
  const asked = shallowRef<{ readonly row: number; readonly column: number } | null>(null);
  const frame = computed(() => frames.frame.value);
  // Another image, another question.
  watch(
    () => frame.value?.image.id,
    () => (asked.value = null),
  );

  const { answer, problem } = useLatestAnswer(
    () => {
      const shown = frame.value;
      return shown?.preview && asked.value ? { shown, at: asked.value } : null;
    },
    ({ shown: { image, settings }, at }): Promise<Explanation> =>
      client.explain.patch({ imageId: image.id, settings, ...at }),
  );

  function ask(point: PixelPoint): void {
    const shown = map.view.value;
    const pixels = frame.value?.pixels;
    const patch = shown && pixels && patchAt({ map: shown.map }, pixels, point);
    if (patch) asked.value = patch;
  }
  function askHottest(): void {
    const shown = map.view.value?.map;
    if (!shown) return;
    const hottest = shown.data.reduce((best, score, i) => (score > shown.data[best]! ? i : best), 0);
    asked.value = { row: Math.floor(hottest / shown.columns), column: hottest % shown.columns };
  }
  function move(rows: number, columns: number): void {
    const grid = map.view.value?.map;
    if (!asked.value || !grid) return;
    const clamp = (value: number, count: number) => Math.min(count - 1, Math.max(0, value));
    asked.value = {
      row: clamp(asked.value.row + rows, grid.rows),
      column: clamp(asked.value.column + columns, grid.columns),
    };
  }

  toolbox.addTools([
    {
      id: 'explain.patch',
      label: 'Why is this hot? Press a patch',
      icon: MessageCircleQuestionMark,
      keys: ['Y'],
      group,
      inCell: ({ cell }) =>
        showsSupport(cell.kind)
          ? undefined
          : {
              cursor: 'help',
              press(point) {
                ask(point);
                return { move: ask, end: (at, cancelled) => (cancelled ? undefined : ask(at)) };
              },
            },
    },
  ]);
  toolbox.addLayer({ overlay: ExplainOverlay });

  const steps = [
    ['ArrowUp', 'up', -1, 0],
    ['ArrowDown', 'down', 1, 0],
    ['ArrowLeft', 'left', 0, -1],
    ['ArrowRight', 'right', 0, 1],
  ] as const;
  useCommands([
    defineCommand({
      id: 'explain.hottest',
      label: 'Why is the hottest patch hot?',
      group,
      keys: ['Shift+Y'],
      enabled: () => map.view.value !== null,
      run: askHottest,
    }),
    defineCommand({
      id: 'explain.close',
      label: 'Close the explanation',
      group,
      keys: ['Escape'],
      enabled: () => asked.value !== null && toolbox.active.value === null,
      run() {
        asked.value = null;
      },
    }),
    ...steps.map(([key, where, rows, columns]) =>
      defineCommand({
        id: `explain.${where}`,
        label: `Explain the next patch ${where}`,
        group,
        keys: [`Alt+${key}`],
        keyOnly: true,
        enabled: () => asked.value !== null,
        run: () => move(rows, columns),
      }),
    ),
  ]);

  const explanation = computed(() => {
    const found = answer.value;
    return found && found.imageId === frame.value?.image.id ? found : null;
  });
  provideExplanation({
    asked,
    explanation,
    problem,
    close() {
      asked.value = null;
    },
  });
}
