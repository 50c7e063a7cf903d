import type { ImageId, JobId, StudyId } from '#shared/domain.ts';
import { Failure, toFailure } from '#shared/errors.ts';
import type { DoctorReport, DoctorSettings } from '#shared/references.ts';
import { featuresOf } from '#shared/methods/index.ts';
import { defaultSettings } from '#shared/settings.ts';
import type { Engine } from '#main/engine/engine.ts';
import { eachAtOnce } from '#main/jobs/each-at-once.ts';
import type { JobContext, JobExecutor } from '#main/jobs/job-queue.ts';
import type { ModelCatalogue } from '#main/models/catalogue.ts';
import { checkModel, forEngine } from '#main/runs/scoring.ts';
import type { StoredImage } from '#main/workspace/repositories/images.ts';
import type { DoctorItem } from '#main/workspace/repositories/doctor.ts';
import type { Workspace } from '#main/workspace/workspace.ts';
import { type ExaminedPool, examinePool, leaveOneOut, predictFalsePositives } from './examination.ts';

/** Two, so that the next image is decoded while this one is examined. */
const imagesAtOnce = 2;

/** Looks at the normal images of a study for what would spoil a run against them. */
export function doctorService(
  workspace: Workspace,
  engine: Engine,
  catalogue: ModelCatalogue,
  changed: (study: StudyId) => void,
) {
  const { doctor, images, jobs, studies } = workspace;

  /** Normals, queries, and images left out of both that may be normal and are not kept for a test. */
  const itemsOf = (study: StudyId): DoctorItem[] => {
    const part = (of: StoredImage): DoctorItem['part'] | null => {
      if (of.role !== 'excluded') return of.role;
      return of.label === 'abnormal' || of.split === 'test' ? null : 'spare';
    };
    const all = images.ofStudy(study).flatMap((image): DoctorItem[] => {
      const found = part(image);
      return found === null ? [] : [{ image: image.id, part: found }];
    });
    return (['normal', 'query', 'spare'] as const).flatMap((wanted) =>
      all.filter((item) => item.part === wanted),
    );
  };

  const start = (study: StudyId, settings: DoctorSettings): { jobId: JobId } => {
    const { name } = studies.get(study);
    checkModel({ ...defaultSettings, ...settings }, catalogue);
    const items = itemsOf(study);
    if (!items.some(({ part }) => part === 'normal'))
      throw new Failure('invalid', 'This study has no normal images to examine.');
    return workspace.change('examine normal images', { study, settings }, () => {
      const jobId = jobs.create('doctor', `Examine the normal images of ${name}`, study);
      doctor.create(jobId, study, settings, items);
      return { jobId };
    });
  };

  /** Features of every image; those that cannot be had take no further part. */
  const prepare = async (job: JobId, settings: DoctorSettings, { signal, progress }: JobContext) => {
    const items = doctor.items(job);
    const rest = items.map(({ image }) => images.get(image));
    let done = 0;
    await eachAtOnce(
      () => rest.splice(0, 64),
      imagesAtOnce,
      signal,
      async (image) => {
        try {
          await engine.call(
            'prepare',
            { image: forEngine(image), features: featuresOf({ ...defaultSettings, ...settings }) },
            'job',
          );
        } catch (error) {
          fail(job, image.id, error);
        }
        done += 1;
        progress(`Reading images: ${done} of ${items.length}`);
      },
    );
  };

  const fail = (job: JobId, image: ImageId, error: unknown): void => {
    const failure = toFailure(error);
    if (failure.kind === 'cancelled' || failure.kind === 'storage') throw failure;
    doctor.fail(job, image, failure.message);
  };

  /** Pool of an examination: images that could be read, in the order of their parts. */
  const poolOf = (job: JobId, settings: DoctorSettings): ExaminedPool => {
    const items = doctor.items(job).filter(({ state }) => state !== 'failed');
    const count = (part: DoctorItem['part']) => items.filter((item) => item.part === part).length;
    return {
      key: `doctor ${job} ${items.length}`,
      images: items.map(({ image }) => images.get(image)),
      normals: count('normal'),
      queries: count('query'),
      settings,
    };
  };

  const execute: JobExecutor = async (job, context) => {
    const { studyId, settings } = doctor.get(job);
    doctor.retryFailed(job);
    await prepare(job, settings, context);
    const pool = poolOf(job, settings);
    if (pool.normals === 0) throw new Failure('invalid', 'No normal image of this study could be read.');
    await engine.definePool({ key: pool.key, images: pool.images.map(forEngine) });
    context.progress('Comparing images');
    const examined = await examinePool(engine, pool, context.signal);

    const pending = new Set(
      doctor
        .items(job)
        .filter(({ state }) => state === 'pending')
        .map(({ image }) => image),
    );
    workspace.together(() => {
      for (const [index, image] of pool.images.entries()) {
        doctor.setNearest(job, image.id, examined.nearest[index] ?? null);
        if (index >= pool.normals && pending.delete(image.id)) doctor.settle(job, image.id, null);
      }
    });
    context.progress();
    const rest = Array.from({ length: pool.normals }, (_, index) => index).filter((index) =>
      pending.has(pool.images[index]!.id),
    );
    await eachAtOnce(
      () => rest.splice(0, 64),
      imagesAtOnce,
      context.signal,
      async (index) => {
        const { id } = pool.images[index]!;
        try {
          doctor.settle(job, id, await leaveOneOut(engine, pool, index, examined.references[index] ?? []));
        } catch (error) {
          fail(job, id, error);
        }
        context.progress();
      },
    );

    context.progress('Drawing the map of images');
    const planes = await engine.call('project-images', { poolKey: pool.key, settings, seed: 0 }, 'job');
    context.signal.throwIfAborted();
    const pair = (plane: Float32Array, index: number) => [plane[2 * index]!, plane[2 * index + 1]!] as const;
    workspace.together(() => {
      for (const [index, { id }] of pool.images.entries())
        doctor.setPlace(job, id, pair(planes.pca, index), planes.umap && pair(planes.umap, index));
    });

    context.progress('Weighing what to add and drop');
    const stored = doctor.scores(job);
    const scores = Float64Array.from(
      pool.images.slice(0, pool.normals),
      ({ id }) => stored.get(id) ?? Number.NaN,
    );
    const { proposal, ...found } = await engine.call(
      'doctor-findings',
      {
        poolKey: pool.key,
        settings,
        normals: pool.normals,
        queries: pool.queries,
        patients: pool.images.map(({ patient }) => patient),
        samePicture: examined.samePicture,
        distances: examined.distances,
        reach: examined.reach,
        scores,
      },
      'job',
    );
    const falsePositives = await predictFalsePositives(
      engine,
      pool,
      { scores, groups: examined.groups, abnormal: found.abnormal, proposal },
      context.signal,
    );
    context.signal.throwIfAborted();
    workspace.together(() =>
      doctor.conclude(job, studyId, {
        normals: pool.normals,
        queries: pool.queries,
        ...found,
        proposal: { ...proposal, falsePositives },
      }),
    );
    changed(studyId);
  };

  return {
    start,
    execute,
    report(study: StudyId): DoctorReport | null {
      studies.get(study);
      return doctor.report(study);
    },
    map: doctor.map,
  };
}

export type DoctorService = ReturnType<typeof doctorService>;
