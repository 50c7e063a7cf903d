import type { AppEvent } from '#shared/contract/system.ts';
import { api } from './base.ts';

export const jobs = {
  list: api.jobs.list.handler(({ context }) => context.services.jobs.list()),
  cancel: api.jobs.cancel.handler(({ context, input }) => context.services.jobs.cancel(input.id)),
  resume: api.jobs.resume.handler(({ context, input }) => context.services.jobs.resume(input.id)),
};

export const models = {
  list: api.models.list.handler(({ context }) => [...context.services.catalogue.list()]),
  listText: api.models.listText.handler(({ context }) => context.services.workspace.textModels.list()),
  look: api.models.look.handler(({ context, input }) =>
    context.services.models.look(input.path, input.precision),
  ),
  import: api.models.import.handler(({ context, input }) => {
    const started = context.services.models.startImport(input);
    context.services.jobs.wake();
    return started;
  }),
  published: api.models.published.handler(({ context }) => context.services.models.published()),
  download: api.models.download.handler(({ context, input }) => {
    const started = context.services.models.startDownload(input);
    context.services.jobs.wake();
    return started;
  }),
  keptDownloads: api.models.keptDownloads.handler(({ context }) => context.services.models.keptDownloads()),
  removeDownload: api.models.removeDownload.handler(({ context, input }) =>
    context.services.models.removeDownload(input.repository),
  ),
  hub: api.models.hub.handler(({ context }) => context.services.hub.state()),
  setToken: api.models.setToken.handler(({ context, input }) => context.services.hub.setToken(input.token)),
  tryDevices: api.models.tryDevices.handler(({ context, input }) =>
    context.services.models.tryDevices(input.name),
  ),
  remove: api.models.remove.handler(({ context, input }) => context.services.models.remove(input.name)),
};

export const system = {
  storage: api.system.storage.handler(({ context }) => context.services.storage.measure()),
  cleanUp: api.system.cleanUp.handler(({ context }) => context.services.storage.cleanUp()),
  info: api.system.info.handler(({ context }) => context.services.system.info()),
  audit: api.system.audit.handler(({ context, input }) => context.services.system.audit(input.limit)),
};

export const events = {
  subscribe: api.events.subscribe.handler(async function* ({ context: { services }, signal }) {
    const later = services.events.stream(signal);
    yield { type: 'engine', engine: services.system.engineStatus() } satisfies AppEvent;
    for (const job of services.jobs.list()) {
      if (job.state === 'queued' || job.state === 'running') yield { type: 'job', job } satisfies AppEvent;
    }
    yield* later;
  }),
};
