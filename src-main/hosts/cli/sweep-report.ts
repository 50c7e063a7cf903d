import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import {
  checkTolerance,
  obstacles,
  type Protocol,
  protocolNamed,
  type ToleranceCheck,
} from '#shared/protocols/index.ts';
import { type SweepFigures, sweepFigureLabels, type SweepId } from '#shared/sweep.ts';
import { figureKeys, type SweepTable, sweepTables } from '#shared/sweep-table.ts';
import type { Services } from '#main/services.ts';
import { answer, table } from './output.ts';
import { finish, wantsJson } from './session.ts';

export interface Output {
  readonly bundle?: string;
}

/** Waits for the runs, then prints the tables; the exit code says whether every comparable figure is within. */
export async function reportSweep(
  services: Services,
  id: SweepId,
  options: Output,
  command: Command,
): Promise<void> {
  for (const { runId } of services.workspace.sweeps.members(id)) {
    const job = services.workspace.runs.jobOf(runId);
    if (job !== undefined && services.workspace.jobs.get(job).state !== 'finished')
      await finish(services, job);
  }
  const sweep = await services.sweeps.get(id);
  const protocol = sweep.plan.protocol === null ? null : protocolNamed(sweep.plan.protocol);
  const tables = sweepTables(sweep).map((one) => ({
    ...one,
    obstacles: protocol ? obstacles(protocol, one) : [],
    checks: protocol ? checkTolerance(protocol, one) : [],
  }));
  if (options.bundle !== undefined) await writeFile(options.bundle, await services.bundles.zip(id));
  answer(wantsJson(command), { ...sweep, tables, bundle: options.bundle ?? null }, () => [
    `sweep ${id}, ${sweep.name}: scale ${sweep.plan.scale}, pixel figures over ${sweep.plan.scope === 'all' ? 'all images' : 'abnormal images'}`,
    ...tables.flatMap((one) => tableLines(one, protocol)),
  ]);
  if (tables.some(({ checks }) => checks.some(({ outcome }) => outcome === 'outside'))) process.exitCode = 1;
}

const percent = (value: number | null | undefined): string =>
  value === null || value === undefined ? '-' : (100 * value).toFixed(2);
const withDeviation = (value: number | null | undefined, deviation: number | null | undefined): string =>
  deviation === null || deviation === undefined
    ? percent(value)
    : `${percent(value)} (${percent(deviation)})`;

/** The paper's table with ours beside it; of several studies each of them below their mean. */
function tableLines(
  one: SweepTable & { readonly obstacles: readonly string[]; readonly checks: readonly ToleranceCheck[] },
  protocol: Protocol | null,
): string[] {
  const { dataSet, parts, rows, checks } = one;
  const shown = protocol?.figures ?? figureKeys;
  const paper = checks.length > 0;
  const studies = parts.map(({ study }) => study).join(', ');
  const title =
    parts.length === 1
      ? `${dataSet ?? 'no published numbers'}: ${studies}`
      : `${dataSet ?? 'no published numbers'}: mean of ${parts.length} studies`;
  const cell = (row: string, key: keyof SweepFigures): string => {
    const check = checks.find((candidate) => candidate.row === row && candidate.figure === key);
    if (!check) return '-';
    const mark = { within: 'within', outside: 'OUTSIDE', 'not comparable': '' }[check.outcome];
    return `${check.expected.toFixed(2)} ± ${check.allowed.toFixed(2)} ${mark}`.trim();
  };
  return [
    '',
    title,
    ...table(
      ['', ...shown.flatMap((key) => [sweepFigureLabels[key], ...(paper ? ['paper'] : [])])],
      rows.map(({ row, figures, deviations }) => [
        row,
        ...shown.flatMap((key) => [
          withDeviation(figures?.[key], deviations?.[key]),
          ...(paper ? [cell(row, key)] : []),
        ]),
      ]),
    ),
    ...one.obstacles.map((reason) => `not comparable: ${reason}`),
    ...(parts.length < 2
      ? []
      : table(
          ['', 'study', ...shown.map((key) => sweepFigureLabels[key])],
          rows.flatMap(({ row, parts: own }) =>
            own.map(({ part, figures, deviations }) => [
              row,
              part.study,
              ...shown.map((key) => withDeviation(figures?.[key], deviations?.[key])),
            ]),
          ),
        )),
  ];
}
