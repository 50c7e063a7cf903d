import { api } from './base.ts';

export const studies = {
  list: api.studies.list.handler(({ context }) => context.services.workspace.studies.list()),
  get: api.studies.get.handler(({ context, input }) => context.services.workspace.studies.get(input.id)),
  create: api.studies.create.handler(({ context, input }) => context.services.studies.create(input.name)),
  rename: api.studies.rename.handler(({ context, input }) =>
    context.services.studies.rename(input.id, input.name),
  ),
  remove: api.studies.remove.handler(({ context, input }) => context.services.studies.remove(input.id)),
};

export const samples = {
  list: api.samples.list.handler(({ context }) => context.services.samples.list()),
  open: api.samples.open.handler(async ({ context, input }) => {
    const opened = await context.services.samples.open(input.id);
    context.services.jobs.wake();
    return opened;
  }),
};

export const images = {
  list: api.images.list.handler(({ context, input }) =>
    context.services.workspace.images.ofStudy(input.studyId),
  ),
  page: api.images.page.handler(({ context, input: { studyId, after, limit } }) =>
    context.services.workspace.images.page(studyId, after, limit),
  ),
  setRole: api.images.setRole.handler(({ context, input }) =>
    context.services.studies.setRole(input.ids, input.role),
  ),
  setLabel: api.images.setLabel.handler(({ context, input }) =>
    context.services.studies.setLabel(input.ids, input.label),
  ),
  remove: api.images.remove.handler(({ context, input }) => context.services.studies.removeImages(input.ids)),
};
