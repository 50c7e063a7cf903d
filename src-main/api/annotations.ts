import { api } from './base.ts';

export const annotations = {
  get: api.annotations.get.handler(({ context, input }) =>
    context.services.annotations.get(input.imageId, input.reader),
  ),
  patch: api.annotations.patch.handler(({ context, input }) =>
    context.services.annotations.patch(input.imageId, input.reader, input.number),
  ),
  record: api.annotations.record.handler(async ({ context, input }) => ({
    applied: await context.services.annotations.record(input),
  })),
  move: api.annotations.move.handler(({ context, input }) =>
    context.services.annotations.move(input.imageId, input.reader, input.from, input.direction, input.labels),
  ),
  keep: api.annotations.keep.handler(({ context, input }) =>
    context.services.annotations.keep(input.imageId, input.reader, input.reason),
  ),
  revision: api.annotations.revision.handler(({ context, input }) =>
    context.services.annotations.revision(input.imageId, input.reader, input.number),
  ),
  drawn: api.annotations.drawn.handler(({ context, input }) =>
    context.services.annotations.drawn(input.studyId, input.reader),
  ),
};

export const readings = {
  list: api.readings.list.handler(({ context, input }) => context.services.readings.list(input.studyId)),
  record: api.readings.record.handler(({ context, input }) => context.services.readings.record(input)),
  agreement: api.readings.agreement.handler(({ context, input }) =>
    context.services.agreement.get(input.studyId, input.reader, input.runId),
  ),
  withdraw: api.readings.withdraw.handler(({ context, input }) =>
    context.services.readings.withdraw(input.id),
  ),
};
