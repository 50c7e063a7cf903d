import type { ImageId, ReferenceSetId, RunId, StudyId } from '#shared/domain.ts';
import { Failure, toFailure } from '#shared/errors.ts';
import type { Run } from '#shared/results.ts';
import { featuresOf, type FeatureSettings, methods, methodTitle } from '#shared/methods/index.ts';
import type { RunSettings } from '#shared/settings.ts';
import { checkAdapter } from '#main/adapters/check-adapter.ts';
import type { Engine } from '#main/engine/engine.ts';
import { eachAtOnce } from '#main/jobs/each-at-once.ts';
import type { JobContext, JobExecutor } from '#main/jobs/job-queue.ts';
import type { ModelCatalogue } from '#main/models/catalogue.ts';
import type { StoredImage } from '#main/workspace/repositories/images.ts';
import type { Workspace } from '#main/workspace/workspace.ts';
import { fitOnPool } from './fitting.ts';
import type { Split } from './split.ts';
import { checkModel, forEngine, poolOf, poolOfContent, referencesFor } from './scoring.ts';

/** Enough that the next images are ready while some are in the model, a few together where it runs on a GPU. */
const imagesAtOnce = 6;

export function runService(
  workspace: Workspace,
  engine: Engine,
  catalogue: ModelCatalogue,
  evaluate: (run: RunId) => Promise<void>,
) {
  const { images, jobs, runs, results, referenceSets, evaluations, studies } = workspace;

  /** The images a run would take, of a frozen set or of all normals now. */
  const candidates = (study: StudyId, settings: RunSettings, frozen: ReferenceSetId | null) => {
    if (frozen === null) return images.ofRole(study, 'normal');
    const set = referenceSets.ofStudy(study).find(({ id }) => id === frozen);
    if (!set) throw new Failure('not-found', `This study has no reference set ${frozen}.`);
    if (settings.method === 'dino-ad' && settings.support.kind === 'chosen') {
      throw new Failure(
        'invalid',
        'Picked support images make a reference set of their own: choose matched or random support to run on a frozen one.',
      );
    }
    return referenceSets.get(frozen).images.map(images.get);
  };

  /**
   * Freezes the reference set, unless a frozen one was chosen, and queues every query image of the study.
   * @param split what is compared and tested instead of the images' roles
   */
  const start = (
    study: StudyId,
    settings: RunSettings,
    frozen: ReferenceSetId | null = null,
    split: Pick<Split, 'normals' | 'queries'> | null = null,
  ): Run => {
    studies.get(study);
    checkModel(settings, catalogue);
    const among = split ? split.normals : candidates(study, settings, frozen);
    const references = referencesFor(settings, among, images.get, study);
    checkAdapter(settings, workspace, study);
    const queries = split ? split.queries : images.ofRole(study, 'query');
    if (queries.length === 0) throw new Failure('invalid', 'This study has no query images to run on.');
    return workspace.change('run', { study, settings }, () => {
      const set = references.length === 0 ? null : referenceSets.freeze(study, references);
      const jobId = jobs.create('run', `${methodTitle(settings)} on ${studies.get(study).name}`, study);
      const modelSha256 = catalogue.get(settings.model).sha256;
      const id = runs.create({
        studyId: study,
        jobId,
        referenceSetId: set?.id ?? null,
        settings,
        modelSha256,
      });
      results.expect(
        id,
        queries.map((image) => image.id),
      );
      return runs.get(id);
    });
  };

  /** Features of all references first: matching needs every embedding before the first query. */
  const prepare = async (
    references: readonly StoredImage[],
    features: FeatureSettings,
    { signal, progress }: JobContext,
  ) => {
    let done = 0;
    const rest = [...references];
    await eachAtOnce(
      () => rest.splice(0, 64),
      imagesAtOnce,
      signal,
      async (image) => {
        await engine.call('prepare', { image: forEngine(image), features }, 'job', { signal });
        done += 1;
        progress(`Preparing features: ${done} of ${references.length}`);
      },
    );
  };

  const score = async (run: Run, poolKey: string, id: ImageId, signal: AbortSignal): Promise<void> => {
    const query = forEngine(images.get(id));
    try {
      const scored = await engine.call('score', { query, poolKey, settings: run.settings }, 'job', {
        signal,
      });
      results.store(run.id, id, scored);
    } catch (error) {
      const failure = toFailure(error);
      if (failure.kind === 'cancelled' || failure.kind === 'storage') throw failure;
      results.fail(run.id, id, failure);
    }
  };

  const execute: JobExecutor = async (job, context) => {
    const run = runs.ofJob(job);
    if (catalogue.get(run.settings.model).sha256 !== run.modelSha256) {
      throw new Failure(
        'invalid',
        `The model ${run.settings.model} has changed since this run began. Start a new run.`,
      );
    }
    results.retryFailed(run.id);
    const set = run.referenceSet && referenceSets.get(run.referenceSet.id);
    const { settings } = run;
    const among = methods[settings.method].references;
    const queries = among === 'queries' ? results.ofRun(run.id).map(({ imageId }) => imageId) : [];
    const compared = (set?.images ?? queries).map(images.get);
    const pool = set ? poolOf(set.contentHash, compared) : poolOfContent(compared);
    await engine.definePool(pool);
    // Random and hand-picked support needs the features of a few references only, as they come.
    if (settings.method !== 'dino-ad' || settings.support.kind === 'matched')
      await prepare(compared, featuresOf(settings), context);
    await fitOnPool(engine, pool.key, settings, context);
    context.progress();
    await eachAtOnce(
      () => results.pending(run.id, 32),
      imagesAtOnce,
      context.signal,
      async (id) => {
        await score(run, pool.key, id, context.signal);
        context.progress();
      },
    );
    evaluations.forget(run.id);
    const scored = results.ofRun(run.id).filter(({ outcome }) => outcome.state === 'scored').length;
    if (scored === 0) throw new Failure('invalid', firstReason(run.id));
    await evaluate(run.id);
  };

  const firstReason = (id: RunId): string => {
    const failed = results.ofRun(id).find(({ outcome }) => outcome.state === 'failed');
    return failed?.outcome.state === 'failed'
      ? `No image could be scored: ${failed.outcome.error.message}`
      : 'No image could be scored.';
  };

  /** Adds the study's query images that the run does not know yet, for its job to go on with. @returns how many */
  const extend = (id: RunId): number => {
    const missing = results.missing(id);
    if (missing.length === 0) return 0;
    workspace.together(() => {
      results.expect(id, missing);
      evaluations.forget(id);
    });
    return missing.length;
  };

  return {
    start,
    extend,
    execute,
    remove(id: RunId): void {
      const run = runs.get(id);
      if (run.state === 'running' || run.state === 'queued')
        throw new Failure('invalid', `Run ${id} is not finished. Cancel it first.`);
      workspace.change('remove run', { run: id }, () => runs.remove(id));
    },
  };
}

export type RunService = ReturnType<typeof runService>;
