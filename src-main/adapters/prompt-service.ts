import type { StudyId } from '#shared/domain.ts';
import { Failure } from '#shared/errors.ts';
import type { AdDinov3Settings } from '#shared/methods/ad-dinov3.ts';
import { methods } from '#shared/methods/index.ts';
import { defaultPrompts, type PromptList, type StudyPrompts } from '#shared/prompts.ts';
import type { Engine } from '#main/engine/engine.ts';
import type { ModelCatalogue } from '#main/models/catalogue.ts';
import type { Workspace } from '#main/workspace/workspace.ts';

/** What studies show, in words. */
export function promptService(
  workspace: Workspace,
  engine: Engine,
  catalogue: ModelCatalogue,
  changed: (study: StudyId) => void,
) {
  return {
    of: (study: StudyId): StudyPrompts => workspace.studyPrompts.find(study) ?? defaultPrompts,
    set(study: StudyId, prompts: StudyPrompts): void {
      workspace.studies.get(study);
      workspace.change('set prompts', { study, className: prompts.className }, () =>
        workspace.studyPrompts.set(study, prompts),
      );
      changed(study);
    },
    /**
     * How an adapter scores a study: with the study's own class and list where a person said them, else with the adapter's list.
     * @throws Failure('not-found') when one of its encoders is not in this workspace
     */
    runSettings(sha256: string, study: StudyId, className: string | null): AdDinov3Settings {
      const { name, description } = workspace.adapters.get(sha256);
      const { image, text, settings } = description;
      const own = workspace.studyPrompts.find(study);
      const here = (
        kind: string,
        models: readonly { name: string; sha256: string }[],
        wanted: typeof image | typeof text,
      ) => {
        const found = models.find((model) => model.sha256 === wanted.sha256);
        if (found) return found.name;
        throw new Failure(
          'not-found',
          `The adapter ${name} needs the ${kind} ${wanted.name} (${wanted.sha256.slice(0, 12)}), which is not in this workspace. Import it.`,
        );
      };
      return {
        ...methods['ad-dinov3'].defaults,
        model: here('image encoder', catalogue.list(), image),
        text: here('text encoder', workspace.textModels.list(), text),
        size: settings.size,
        layers: [...image.layers],
        adapter: sha256,
        className: className ?? own?.className ?? defaultPrompts.className,
        prompts: own?.list ?? null,
      };
    },
    /** The sentences, and with a text encoder how close the two states are in it. */
    preview: (text: string | null, className: string, list: PromptList) =>
      engine.call('preview-prompts', { text, className, list }, 'interactive'),
  };
}

export type PromptService = ReturnType<typeof promptService>;
