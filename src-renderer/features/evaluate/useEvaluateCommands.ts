import { ChartSpline, ClipboardCopy, Download } from '@lucide/vue';
import type { RunId, Scale, Scope } from '#shared/domain.ts';
import { routes } from '#shared/routes.ts';
import { defineCommand, useCommands } from '../../commands/command.ts';
import { downloadFile } from './download.ts';
import { useTableExport } from './useTableExport.ts';

interface Choice {
  readonly runId: RunId;
  readonly scale: Scale;
  readonly scope: Scope;
}

/** What can be taken out of Evaluate; null while no run is shown. */
export function useEvaluateCommands(choice: () => Choice | null) {
  const { copy } = useTableExport();
  const enabled = () => choice() !== null;
  const withChoice = (work: (choice: Choice) => void | Promise<void>) => () => {
    const chosen = choice();
    return chosen ? work(chosen) : undefined;
  };
  const copyTable = defineCommand({
    id: 'evaluate.copy',
    label: 'Copy the table as CSV',
    group: 'Evaluate',
    icon: ClipboardCopy,
    enabled,
    run: withChoice(({ runId, scale, scope }) => copy(runId, scale, scope)),
  });
  const downloadTable = defineCommand({
    id: 'evaluate.download',
    label: 'Download the table as CSV',
    group: 'Evaluate',
    icon: Download,
    enabled,
    run: withChoice(({ runId, scale, scope }) =>
      downloadFile(routes.evaluationTable(runId, scale, scope), `nidus-run-${runId}.csv`),
    ),
  });
  const downloadCurves = defineCommand({
    id: 'evaluate.curves',
    label: 'Download every curve as CSV',
    group: 'Evaluate',
    icon: ChartSpline,
    enabled,
    run: withChoice(({ runId, scale, scope }) =>
      downloadFile(routes.evaluationCurves(runId, scale, scope), `nidus-run-${runId}-curves.csv`),
    ),
  });
  const commands = [copyTable, downloadTable, downloadCurves];
  useCommands(commands);
  return commands;
}
