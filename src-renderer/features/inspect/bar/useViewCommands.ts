import { computed } from 'vue';
import { defineCommand, useCommands, type Command } from '../../../commands/command.ts';
import { usePreferences } from '../../../stores/preferences.ts';
import {
  autoWindow,
  flipped,
  fullWindow,
  hounsfieldPresets,
  tissueWindow,
  turned,
  windowOf,
  type PaneHandle,
} from '../../../viewer/viewer.ts';
import type { Session } from '../session/session.ts';
import { contextOf } from '../cells/useCellScene.ts';

const group = 'View';
const zoomStep = 1.25;
const figure = (value: number): number => Number(value.toPrecision(5));

/** What can be done with the pictures themselves. `pane`: the one in use. */
export function useViewCommands(session: Session, pane: () => PaneHandle | undefined) {
  const { layout, preferences, view, frames } = session;
  const mouse = usePreferences();

  const image = computed(() => {
    const cell = layout.cells.value[layout.active.value];
    return cell && contextOf(frames.frame.value, cell, layout.active.value)?.image;
  });

  const windowCommand = (
    id: string,
    label: string,
    choose: Parameters<PaneHandle['setWindow']>[0],
  ): Command =>
    defineCommand({ id: `view.window.${id}`, label, group, run: () => pane()?.setWindow(choose) });

  const general = [
    defineCommand({
      id: 'inspect.resetWindow',
      label: 'Reset the grey window',
      group,
      keys: ['W'],
      run: () => pane()?.setWindow(() => undefined),
    }),
    windowCommand('auto', 'Window: automatic, 0.5 to 99.5 %', ({ pixels, rescale }) =>
      autoWindow(pixels, rescale),
    ),
    windowCommand('tissue', 'Window: MR, 1 to 99 % of what is not background', ({ pixels, rescale }) =>
      tissueWindow(pixels, rescale),
    ),
    windowCommand('full', 'Window: every value', ({ pixels, rescale }) => fullWindow(pixels, rescale)),
  ];
  const hounsfield = hounsfieldPresets.map((preset) => ({
    ...windowCommand(preset.name, `Window: ${preset.name}, W ${preset.width} L ${preset.centre}`, () =>
      windowOf(preset),
    ),
    enabled: () => image.value?.acquisition?.rescale.unit === 'HU',
  }));

  /** What the file itself offers, beyond what every image of Hounsfield units has. */
  const ofFile = computed(() =>
    (image.value?.acquisition?.windows ?? [])
      .filter(
        ({ width, centre }) =>
          !hounsfieldPresets.some((preset) => preset.width === width && preset.centre === centre),
      )
      .map(({ name, ...window }, index) =>
        windowCommand(
          `file-${index}`,
          `Window of the file: ${name ? `${name}, ` : ''}W ${figure(window.width)} L ${figure(window.centre)}`,
          () => windowOf(window),
        ),
      ),
  );

  const turn = (id: string, label: string, keys: string[], change: Parameters<PaneHandle['turn']>[0]) =>
    defineCommand({ id: `view.${id}`, label, group, keys, run: () => pane()?.turn(change) });

  const commands = {
    turnRight: turn('turnRight', 'Turn right', ['T'], (at) => turned(at, 1)),
    turnLeft: turn('turnLeft', 'Turn left', ['Alt+T'], (at) => turned(at, -1)),
    flipAcross: turn('flipAcross', 'Flip left and right', ['X'], (at) => flipped(at, 'across')),
    flipDown: turn('flipDown', 'Flip top and bottom', ['Shift+X'], (at) => flipped(at, 'down')),
    upright: turn('upright', 'Upright again', [], () => ({ turns: 0, mirrored: false })),
    invert: defineCommand({
      id: 'view.invert',
      label: 'Invert the greys',
      group,
      keys: ['I'],
      run: () => view.update({ invert: !preferences.value.invert }),
    }),
    interpolate: defineCommand({
      id: 'view.interpolate',
      label: 'Show the pixels as they are, not interpolated',
      group,
      run: () => view.update({ interpolate: !preferences.value.interpolate }),
    }),
    fit: defineCommand({
      id: 'inspect.fit',
      label: 'Fit the images',
      group,
      keys: ['F'],
      run: () => pane()?.fit(),
    }),
  };

  const others = [
    defineCommand({
      id: 'inspect.oneToOne',
      label: 'One image pixel on one screen pixel',
      group,
      keys: ['1'],
      run: () => pane()?.oneToOne(),
    }),
    defineCommand({
      id: 'inspect.zoomIn',
      label: 'Zoom in',
      group,
      keys: ['='],
      run: () => pane()?.zoomBy(zoomStep),
    }),
    defineCommand({
      id: 'inspect.zoomOut',
      label: 'Zoom out',
      group,
      keys: ['-'],
      run: () => pane()?.zoomBy(1 / zoomStep),
    }),
    defineCommand({
      id: 'view.alone',
      label: 'Show this cell alone, or all again',
      group,
      keys: ['Z'],
      run: () => layout.toggleAlone(layout.active.value),
    }),
    defineCommand({
      id: 'view.mouse',
      label: 'Switch the mouse between workstation and photo',
      group,
      run() {
        mouse.mouseProfile = mouse.mouseProfile === 'photo' ? 'workstation' : 'photo';
      },
    }),
    ...(
      [
        [1, 1, 'One cell'],
        [1, 2, 'Two cells, side by side'],
        [2, 2, 'Four cells'],
        [2, 3, 'Six cells'],
        [3, 3, 'Nine cells'],
      ] as const
    ).map(([rows, columns, label]) =>
      defineCommand({
        id: `view.cells.${rows}x${columns}`,
        label,
        group,
        run: () => layout.setGrid(rows, columns),
      }),
    ),
  ];
  useCommands([...general, ...hounsfield, ...Object.values(commands), ...others]);

  return {
    ...commands,
    windows: computed(() => [
      ...general,
      ...ofFile.value,
      ...hounsfield.filter((command) => command.enabled()),
    ]),
  };
}

export type ViewCommands = ReturnType<typeof useViewCommands>;
