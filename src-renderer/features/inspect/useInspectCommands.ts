import { PanelLeft, PanelRight, Play } from '@lucide/vue';
import { defineCommand, useCommands, type Command } from '../../commands/command.ts';
import type { Session } from './session/session.ts';

interface Controls {
  readonly toggleQueue: () => void;
  readonly togglePanel: () => void;
  readonly toggleBoth: () => void;
  /** Settings side by side. */
  readonly toggleBench: () => void;
  /** The focus is on the images or nowhere: there Tab may mean something else than the next control. */
  readonly onImages: () => boolean;
  /** Moves the focus to the next of queue, images and panel. */
  readonly nextRegion: () => void;
}

const nextScale = { raw: 'minmax', minmax: 'calibrated', calibrated: 'raw' } as const;

/** What the keyboard and the palette can do in Inspect. Returns the command that starts a run. */
export function useInspectCommands(session: Session, controls: Controls): { runAll: Command } {
  const group = 'Inspect';
  const { queue, view, preferences, run } = session;
  const anyImage = () => queue.items.value.length > 0;

  const runAll = defineCommand({
    id: 'inspect.run',
    label: 'Run on all query images',
    group,
    keys: ['Mod+Enter'],
    icon: Play,
    enabled: () => run.enabled.value,
    run: run.start,
  });

  useCommands([
    runAll,
    defineCommand({
      id: 'inspect.next',
      label: 'Next image',
      group,
      keys: ['ArrowDown', 'ArrowRight'],
      keyOnly: true,
      enabled: anyImage,
      run: () => queue.step(1),
    }),
    defineCommand({
      id: 'inspect.previous',
      label: 'Previous image',
      group,
      keys: ['ArrowUp', 'ArrowLeft'],
      keyOnly: true,
      enabled: anyImage,
      run: () => queue.step(-1),
    }),
    defineCommand({
      id: 'inspect.first',
      label: 'First image',
      group,
      keys: ['Home'],
      keyOnly: true,
      enabled: anyImage,
      run: () => queue.step(-Infinity),
    }),
    defineCommand({
      id: 'inspect.last',
      label: 'Last image',
      group,
      keys: ['End'],
      keyOnly: true,
      enabled: anyImage,
      run: () => queue.step(Infinity),
    }),
    defineCommand({
      id: 'inspect.fewer',
      label: 'Fewer clusters',
      group,
      keys: [','],
      enabled: () => session.dinoAd.value !== null,
      run: () => session.stepK(-1),
    }),
    defineCommand({
      id: 'inspect.more',
      label: 'More clusters',
      group,
      keys: ['.'],
      enabled: () => session.dinoAd.value !== null,
      run: () => session.stepK(1),
    }),
    // A key that is held is no key press: `useHeldKey` does it, this names it in the sheet of keys.
    defineCommand({
      id: 'inspect.overlay',
      label: 'Hide the overlay while held',
      group,
      keys: ['G'],
      keyOnly: true,
      enabled: () => false,
      run: () => undefined,
    }),
    defineCommand({
      id: 'inspect.scale',
      label: 'Next scale: raw, min-max, calibrated',
      group,
      keys: ['R'],
      run: () => view.update({ scale: nextScale[preferences.value.scale] }),
    }),
    defineCommand({
      id: 'inspect.smooth',
      label: 'Interpolate or show the patch grid',
      group,
      keys: ['P'],
      run: () => view.update({ smooth: !preferences.value.smooth }),
    }),
    defineCommand({
      id: 'inspect.panels',
      label: 'Hide or show both side panels',
      group,
      keys: ['Tab'],
      enabled: controls.onImages,
      run: controls.toggleBoth,
    }),
    defineCommand({
      id: 'inspect.bench',
      label: 'Settings side by side',
      group,
      keys: ['Shift+B'],
      run: controls.toggleBench,
    }),
    defineCommand({
      id: 'inspect.queue',
      label: 'Hide or show the queue',
      group,
      keys: ['['],
      icon: PanelLeft,
      run: controls.toggleQueue,
    }),
    defineCommand({
      id: 'inspect.settings',
      label: 'Hide or show the settings of the map',
      group,
      keys: [']'],
      icon: PanelRight,
      run: controls.togglePanel,
    }),
    defineCommand({
      id: 'inspect.region',
      label: 'Move to the next panel',
      group,
      keys: ['F6'],
      keyOnly: true,
      whileTyping: true,
      run: controls.nextRegion,
    }),
  ]);

  return { runAll };
}
