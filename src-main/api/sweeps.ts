import { api } from './base.ts';

export const sweeps = {
  list: api.sweeps.list.handler(({ context, input }) =>
    context.services.workspace.sweeps.ofStudy(input.studyId),
  ),
  get: api.sweeps.get.handler(({ context, input }) => context.services.sweeps.get(input.id)),
  start: api.sweeps.start.handler(({ context, input: { studyId, ...request } }) => {
    const id = context.services.sweeps.start(studyId, request);
    context.services.jobs.wake();
    return { id };
  }),
  startProtocol: api.sweeps.startProtocol.handler(({ context, input }) => {
    const { studyId, protocol, model, dataSet, rows } = input;
    const id = context.services.sweeps.startProtocol(studyId, protocol, model, dataSet, rows);
    context.services.jobs.wake();
    return { id };
  }),
};
