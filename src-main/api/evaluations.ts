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
