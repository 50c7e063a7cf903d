import { api } from './base.ts';

export const evaluations = {
  get: api.evaluations.get.handler(({ context, input }) =>
    context.services.evaluations.get(input.runId, input.scale, input.scope),
  ),
  froc: api.evaluations.froc.handler(({ context, input }) =>
    context.services.evaluations.froc(input.runId, input),
  ),
  bootstrap: api.evaluations.bootstrap.handler(({ context, input }) =>
    context.services.evaluations.bootstrap(input.runId, input, input.options),
  ),
  compare: api.evaluations.compare.handler(({ context, input }) =>
    context.services.evaluations.compare(...input.runs, input, input.options),
  ),
};

export const thresholds = {
  list: api.thresholds.list.handler(({ context, input }) =>
    context.services.workspace.thresholds.ofStudy(input.studyId),
  ),
  ofRun: api.thresholds.ofRun.handler(({ context, input }) =>
    context.services.workspace.thresholds.ofRun(input.runId),
  ),
  save: api.thresholds.save.handler(({ context, input }) =>
    context.services.thresholds.save(input.runId, input.name, input.cuts, input.rule),
  ),
  use: api.thresholds.use.handler(({ context, input }) =>
    context.services.thresholds.use(input.runId, input.threshold),
  ),
};
