import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  defaultForwardOptions,
  type TrainingEstimate,
  type TrainingPlan,
  type TrainingProgress,
  type TrainingRequest,
} from '#shared/adapter.ts';
import type { JobId, StudyId } from '#shared/domain.ts';
import { Failure } from '#shared/errors.ts';
import type { Engine } from '#main/engine/engine.ts';
import type { JobExecutor } from '#main/jobs/job-queue.ts';
import type { ModelCatalogue } from '#main/models/catalogue.ts';
import type { Workspace } from '#main/workspace/workspace.ts';
import type { AdapterService } from './adapter-service.ts';
import { estimateTraining } from './estimate.ts';
import { assertDisjoint } from './overlap.ts';
import type { PromptService } from './prompt-service.ts';

/** Training adapters as jobs: what is trained on is frozen when the job is made. */
export function trainingService(
  workspace: Workspace,
  engine: Engine,
  catalogue: ModelCatalogue,
  adapters: AdapterService,
  prompts: PromptService,
) {
  const { images, jobs, studies, trainings, textModels, folders } = workspace;

  const textModel = (name: string) => {
    const known = textModels.list();
    const found = known.find((model) => model.name === name);
    if (found) return found;
    const names = known.map((model) => model.name).join(', ') || 'none';
    throw new Failure('not-found', `There is no text encoder "${name}". Known: ${names}.`);
  };

  /** Query images of a study whose ground truth is known. */
  const usable = (study: StudyId) =>
    images.ofRole(study, 'query').filter(({ truth }) => truth.kind !== 'unknown');

  /** @throws Failure when nothing can be trained from this, or auxiliary and target studies overlap */
  const check = (request: TrainingRequest) => {
    const model = catalogue.get(request.model);
    const text = textModel(request.text);
    if (request.size % model.patch !== 0) {
      throw new Failure(
        'invalid',
        `The size ${request.size} is not a multiple of the patch size ${model.patch} of ${model.name}.`,
      );
    }
    const own = request.studies.map((study) => ({ study, images: usable(study), ...prompts.of(study) }));
    for (const { study, images: found } of own) {
      if (!found.some(({ truth }) => truth.kind === 'drawn')) {
        throw new Failure(
          'invalid',
          `${studies.get(study).name} has no query images with a drawn mask: an adapter is trained on masks.`,
        );
      }
    }
    if (request.target !== null) {
      const seen = {
        classes: own.map(({ className }) => className),
        images: own.flatMap((one) => one.images.map(({ pixels }) => pixels.sha256)),
      };
      const target = {
        className: prompts.of(request.target).className,
        images: images.ofStudy(request.target),
      };
      assertDisjoint(seen, target, 'The adapter');
    }
    adapters.assertFree(request.name);
    return { model, text, own };
  };

  const estimate = (request: TrainingRequest): Promise<TrainingEstimate> => {
    const { model, own } = check(request);
    const all = own.flatMap((one) => one.images);
    const abnormal = all.filter(({ truth }) => truth.kind === 'drawn').length;
    return estimateTraining(request, model, { all: all.length, abnormal }, folders.root);
  };

  const folderOf = (job: JobId): string => join(folders.trainings, String(job));

  const planOf = (job: JobId): TrainingPlan => {
    const { description, images: chosen } = trainings.get(job);
    const folder = folderOf(job);
    return {
      folder,
      target: join(folder, 'trained.nidus-adapter'),
      description,
      images: chosen.map(({ id, class: index }) => {
        const { pixels, truth } = images.get(id);
        return { pixels, truth, class: index };
      }),
    };
  };

  const execute: JobExecutor = async (job, { signal, progress, isClosing }) => {
    const { name, batches } = trainings.get(job);
    let stored = trainings.losses(job).length;
    const trained = await engine.call('train-adapter', { plan: planOf(job) }, 'job', {
      signal,
      onProgress({ activity, losses }) {
        if (isClosing()) return;
        if (losses) {
          workspace.together(() => trainings.addLosses(job, losses, Math.min(stored, losses.length)));
          stored = losses.length;
        }
        progress(activity, { done: stored, total: batches });
      },
    });
    workspace.together(() => trainings.addLosses(job, trained.description.losses, 0));
    await adapters.take(planOf(job).target, name, trained, 'train adapter');
    await rm(folderOf(job), { recursive: true, force: true });
  };

  return {
    estimate,

    /** Queues a training. @throws Failure as `estimate` does, and when the disk cannot hold the features */
    async start(request: TrainingRequest): Promise<JobId> {
      const { model, text, own } = check(request);
      const { disk, free, layers, batches } = await estimate(request);
      if (disk > free) {
        const [needs, has] = [disk, free].map((bytes) => (bytes / 1e9).toFixed(1));
        throw new Failure('storage', `The features take ${needs} GB while it trains; ${has} GB are free.`);
      }
      const { studies: _studies, target: _target, name, ...settings } = request;
      const description = {
        version: 1,
        image: {
          name: model.name,
          sha256: model.sha256,
          dimension: model.dimension,
          patch: model.patch,
          layers,
        },
        text: { name: text.name, sha256: text.sha256, dimension: text.dimension },
        forward: defaultForwardOptions,
        settings,
        classes: own.map((one) => ({ name: one.className, list: one.list, images: one.images.length })),
        images: own.flatMap((one) => one.images.map(({ pixels }) => pixels.sha256)).sort(),
      } as const;
      const chosen = own.flatMap((one, index) => one.images.map(({ id }) => ({ id, class: index })));
      return workspace.change('train', { name, settings, studies: request.studies }, () => {
        const job = jobs.create('train', `Training of adapter ${name}`, null);
        trainings.create(
          job,
          { name, description: { ...description, images: [...description.images] }, images: chosen },
          batches,
        );
        return job;
      });
    },

    execute,

    /** The last trainings, newest first. */
    progress: (): TrainingProgress[] =>
      trainings.latest().map((jobId) => {
        const { name, batches, description } = trainings.get(jobId);
        return { jobId, name, batches, epochs: description.settings.epochs, losses: trainings.losses(jobId) };
      }),
  };
}
