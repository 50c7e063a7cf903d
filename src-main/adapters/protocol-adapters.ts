import type { Adapter } from '#shared/adapter.ts';
import type { StudyId } from '#shared/domain.ts';
import { Failure } from '#shared/errors.ts';
import type { AdDinov3Settings } from '#shared/methods/ad-dinov3.ts';
import { type AdapterNeed, paperTraining } from '#shared/protocols/index.ts';
import type { ModelCatalogue } from '#main/models/catalogue.ts';
import type { Workspace } from '#main/workspace/workspace.ts';
import { checkAdapter } from './check-adapter.ts';
import type { PromptService } from './prompt-service.ts';

const isPaperTraining = ({ description: { settings } }: Adapter): boolean =>
  (['size', 'epochs', 'batch', 'learningRate', 'bottleneck'] as const).every(
    (key) => settings[key] === paperTraining[key],
  );

/** Finds the adapters that a protocol asks for: the model is chosen, how its adapter was trained is locked. */
export function protocolAdapters(workspace: Workspace, catalogue: ModelCatalogue, prompts: PromptService) {
  return {
    /**
     * Settings of a row with the newest adapter that was trained as it says and has seen nothing of the study.
     * @throws Failure('not-found') that says how to train one, or why those there are do not serve
     */
    settingsFor(row: string, need: AdapterNeed, model: string, study: StudyId): AdDinov3Settings {
      const { sha256 } = catalogue.get(model);
      const trained = workspace.adapters
        .list()
        .filter(
          (adapter) =>
            adapter.description.image.sha256 === sha256 &&
            adapter.description.settings.levels === need.levels &&
            adapter.description.settings.calibration === need.calibration &&
            isPaperTraining(adapter),
        );
      let refusal: unknown;
      for (const adapter of trained) {
        try {
          const settings = prompts.runSettings(adapter.sha256, study, null);
          checkAdapter(settings, workspace, study);
          return settings;
        } catch (error) {
          refusal ??= error;
        }
      }
      if (refusal !== undefined) throw refusal;
      const options = [
        `--model ${model}`,
        ...(need.levels === 'last' ? ['--levels last'] : []),
        ...(need.calibration ? [] : ['--no-calibration']),
      ].join(' ');
      throw new Failure(
        'not-found',
        `"${row}" needs an adapter for ${model} that was trained as the paper says. Train one with "nidus train ad-dinov3 ${options}" and all else as it stands, or leave the row out.`,
      );
    },
  };
}

export type ProtocolAdapters = ReturnType<typeof protocolAdapters>;
