import { api } from './base.ts';

export const imports = {
  inspect: api.imports.inspect.handler(({ context, input }) => context.services.imports.inspect(input)),
  start: api.imports.start.handler(async ({ context, input }) => {
    const started = await context.services.imports.start(input, input.study);
    context.services.jobs.wake();
    return started;
  }),
  summary: api.imports.summary.handler(({ context, input }) => context.services.imports.summary(input.jobId)),
};
