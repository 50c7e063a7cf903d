import { api } from './base.ts';

export const explain = {
  patch: api.explain.patch.handler(({ context, input: { imageId, settings, ...patch } }) =>
    context.services.explanations.patch(imageId, settings, patch),
  ),
  pictures: api.explain.pictures.handler(({ context, input }) =>
    context.services.explanations.pictures(input.imageId, input.settings),
  ),
  calibration: api.explain.calibration.handler(({ context, input }) =>
    context.services.calibrations.get(input.studyId, input.settings),
  ),
  stored: api.explain.stored.handler(({ context, input }) =>
    context.services.explanations.stored(input.runId, input.imageId),
  ),
};
