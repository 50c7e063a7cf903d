import { api } from './base.ts';

export const references = {
  list: api.references.list.handler(({ context, input }) => context.services.references.list(input.studyId)),
  freeze: api.references.freeze.handler(({ context, input }) =>
    context.services.references.freeze(input.studyId, input.name),
  ),
  remove: api.references.remove.handler(({ context, input }) => context.services.references.remove(input.id)),
  diff: api.references.diff.handler(({ context, input }) =>
    context.services.references.diff(input.from, input.to),
  ),
  examine: api.references.examine.handler(({ context, input }) => {
    const started = context.services.doctor.start(input.studyId, input.settings);
    context.services.jobs.wake();
    return started;
  }),
  report: api.references.report.handler(({ context, input }) =>
    context.services.doctor.report(input.studyId),
  ),
};
