import type { EngineStatus, SystemInfo } from '#shared/contract/system.ts';
import { deviceNames } from '#shared/devices.ts';
import type { Model, RunId } from '#shared/domain.ts';
import type { Engine } from './engine/engine.ts';
import type { ModelCatalogue } from './models/catalogue.ts';
import type { Workspace } from './workspace/workspace.ts';
import { version } from './version.ts';

/** What runs where and how fast, and whether the records are whole. */
export function systemService(
  { host }: { host: SystemInfo['host'] },
  workspace: Workspace,
  engine: Engine,
  catalogue: ModelCatalogue,
) {
  let lastUsed: string | undefined;
  let measured: { model: string; milliseconds: number } | undefined;

  const median = (values: number[]): number | undefined =>
    values.toSorted((a, b) => a - b)[values.length >> 1];

  const engineStatus = (): EngineStatus => {
    const model = catalogue.find(lastUsed ?? '') ?? catalogue.list()[0];
    return {
      ...engine.status(),
      model: model?.name ?? null,
      device: deviceNames[model?.device ?? 'cpu'],
      refusals: (model?.trials ?? []).flatMap(({ device, outcome }) =>
        outcome.kind === 'refused' ? [`${deviceNames[device]}: ${outcome.reason}`] : [],
      ),
      millisecondsPerImage:
        measured !== undefined && measured.model === model?.name ? measured.milliseconds : null,
    };
  };

  return {
    engineStatus,
    /** The status bar speaks of the model that was used last. */
    noteUse({ name }: Model): void {
      lastUsed = name;
    },
    /** Takes the speed shown in the status bar from a run's own stage times. */
    noteRun(id: RunId | null): void {
      if (id === null) return;
      const extracted = workspace.results
        .times(id)
        .flatMap(({ features }) => (features > 0 ? [features] : []));
      const milliseconds = median(extracted);
      if (milliseconds !== undefined)
        measured = { model: workspace.runs.get(id).settings.model, milliseconds };
    },
    info: (): SystemInfo => ({ version, host, workspace: workspace.folders.root, engine: engineStatus() }),
    audit: (limit: number) => ({
      intact: workspace.audit.isIntact(),
      entries: workspace.audit.newest(limit),
    }),
  };
}

export type SystemService = ReturnType<typeof systemService>;
