import { api } from './base.ts';

export const watches = {
  list: api.watches.list.handler(({ context, input }) => context.services.watches.list(input.studyId)),
  add: api.watches.add.handler(async ({ context: { services }, input }) =>
    services.watches.watch(
      await services.watches.register(input.studyId, input.path, input.role, input.settings),
    ),
  ),
  setActive: api.watches.setActive.handler(async ({ context: { services }, input }) => {
    if (input.active) services.watches.watch(input.id);
    else await services.watches.pause(input.id);
  }),
  remove: api.watches.remove.handler(({ context, input }) => context.services.watches.remove(input.id)),
};
