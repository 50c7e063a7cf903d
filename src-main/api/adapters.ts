import { api } from './base.ts';

export const adapters = {
  list: api.adapters.list.handler(({ context }) => context.services.workspace.adapters.list()),
  estimate: api.adapters.estimate.handler(({ context, input }) => context.services.trainings.estimate(input)),
  train: api.adapters.train.handler(async ({ context, input }) => {
    const jobId = await context.services.trainings.start(input);
    context.services.jobs.wake();
    return { jobId };
  }),
  trainings: api.adapters.trainings.handler(({ context }) => context.services.trainings.progress()),
  import: api.adapters.import.handler(({ context, input }) => context.services.adapters.import(input.path)),
  remove: api.adapters.remove.handler(({ context, input }) => context.services.adapters.remove(input.sha256)),
  settings: api.adapters.settings.handler(({ context, input }) =>
    context.services.prompts.runSettings(input.sha256, input.studyId, input.className),
  ),
  run: api.adapters.run.handler(({ context: { services }, input }) => {
    const settings = services.prompts.runSettings(input.sha256, input.studyId, input.className);
    const run = services.runs.start(input.studyId, settings);
    services.jobs.wake();
    return run;
  }),
};

export const prompts = {
  get: api.prompts.get.handler(({ context, input }) => context.services.prompts.of(input.studyId)),
  set: api.prompts.set.handler(({ context, input: { studyId, ...given } }) =>
    context.services.prompts.set(studyId, given),
  ),
  preview: api.prompts.preview.handler(async ({ context, input }) => {
    const { normal, abnormal, cosine } = await context.services.prompts.preview(
      input.text,
      input.className,
      input.list,
    );
    return { normal: [...normal], abnormal: [...abnormal], cosine };
  }),
};
