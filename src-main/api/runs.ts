import { api } from './base.ts';

export const runs = {
  list: api.runs.list.handler(({ context, input }) => context.services.workspace.runs.ofStudy(input.studyId)),
  get: api.runs.get.handler(({ context, input }) => context.services.workspace.runs.get(input.id)),
  start: api.runs.start.handler(({ context, input }) => {
    const run = context.services.runs.start(input.studyId, input.settings, input.referenceSet);
    context.services.jobs.wake();
    return run;
  }),
  results: api.runs.results.handler(({ context, input }) =>
    context.services.workspace.results.ofRun(input.id),
  ),
  remove: api.runs.remove.handler(({ context, input }) => context.services.runs.remove(input.id)),
};

export const inspect = {
  preview: api.inspect.preview.handler(({ context, input }) =>
    context.services.previews.preview(input.imageId, input.settings),
  ),
  matches: api.inspect.matches.handler(({ context, input }) =>
    context.services.previews.matches(input.imageId, input.settings, input.limit),
  ),
  figures: api.inspect.figures.handler(({ context, input }) =>
    context.services.previews.figures(
      input.imageId,
      input.settings,
      input.scale,
      input.threshold,
      input.annotationOf,
    ),
  ),
};
