import { Ban, CircleCheck, CircleHelp, Diamond, Eye, SquarePlus, Undo2 } from '@lucide/vue';
import { defineCommand, type Command } from '../../commands/command.ts';
import type { Verdict } from '#shared/reading.ts';
import { hideOverlay } from '../inspect/useHeldKey.ts';
import type { Triage } from './useTriage.ts';

const group = 'Triage';

interface VerdictCommand extends Command {
  readonly verdict: Verdict;
}

export interface TriageCommands {
  readonly verdicts: readonly VerdictCommand[];
  readonly reveal: Command;
  readonly takeBack: Command;
  readonly all: readonly Command[];
}

/** What a reader can do by key while images come one after the other. */
export function triageCommands(triage: Triage, leave: () => Promise<void>): TriageCommands {
  const present = () => triage.image.value !== undefined;
  const verdict = (verdict: Verdict, label: string, key: string, icon: Command['icon']): VerdictCommand => ({
    ...defineCommand({
      id: `triage.${verdict}`,
      label,
      group,
      keys: [key],
      ...(icon === undefined ? {} : { icon }),
      enabled: present,
      run: () => triage.judge(verdict),
    }),
    verdict,
  });
  const verdicts = [
    verdict('normal', 'Normal', '1', CircleCheck),
    verdict('anomalous', 'Anomalous', '2', Diamond),
    verdict('unsure', 'Unsure', '3', CircleHelp),
    verdict('excluded', 'Exclude', 'X', Ban),
    verdict('reference', 'Add to references', 'S', SquarePlus),
  ];
  const reveal = defineCommand({
    id: 'triage.reveal',
    label: 'Show the map, or go on with what you said',
    group,
    keys: ['Enter'],
    icon: Eye,
    enabled: () => present() && triage.phase.value !== 'open',
    run: () => triage.judge(null),
  });
  const takeBack = defineCommand({
    id: 'triage.takeBack',
    label: 'Take back the last verdict',
    group,
    keys: ['U'],
    icon: Undo2,
    enabled: () => triage.canTakeBack.value,
    run: triage.takeBack,
  });
  const step = (id: string, label: string, keys: string[], by: number) =>
    defineCommand({
      id: `triage.${id}`,
      label,
      group,
      keys,
      keyOnly: true,
      enabled: present,
      run: () => triage.step(by),
    });
  return {
    verdicts,
    reveal,
    takeBack,
    all: [
      ...verdicts,
      reveal,
      takeBack,
      step('next', 'Next image without a verdict', ['ArrowRight', 'ArrowDown'], 1),
      step('previous', 'Previous image', ['ArrowLeft', 'ArrowUp'], -1),
      step('first', 'First image', ['Home'], -Infinity),
      step('last', 'Last image', ['End'], Infinity),
      // A key that is held is no key press: `useHeldKey` does it, this names it in the sheet of keys.
      defineCommand({
        ...hideOverlay,
        label: 'Hide the map while held',
        group,
        keyOnly: true,
        enabled: () => false,
        run: () => undefined,
      }),
      defineCommand({ id: 'triage.leave', label: 'Back to Inspect', group, keys: ['Escape'], run: leave }),
    ],
  };
}
