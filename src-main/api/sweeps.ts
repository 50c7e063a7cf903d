import { api } from './base.ts';

export const sweeps = {
  list: api.sweeps.list.handler(({ context, input }) =>
    context.services.workspace.sweeps.ofStudy(input.studyId),
  ),
  get: api.sweeps.get.handler(({ context, input }) => context.services.sweeps.get(input.id)),
  ofRun: api.sweeps.ofRun.handler(({ context, input }) =>
    context.services.workspace.sweeps.ofRun(input.runId),
  ),
  start: api.sweeps.start.handler(({ context, input: { studyId, ...request } }) => {
    const id = context.services.sweeps.start(studyId, request);
    context.services.jobs.wake();
    return { id };
  }),
  startProtocol: api.sweeps.startProtocol.handler(({ context, input }) => {
    const { parts, protocol, model, rows } = input;
    const id = context.services.sweeps.startProtocol(parts, protocol, model, rows);
    context.services.jobs.wake();
    return { id };
  }),
};
