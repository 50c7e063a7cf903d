/**
 * The one contract between the window (or any other client) and the application.
 * Binary resources stand beside it as plain GET routes, see `routes.ts`.
 */
import { annotations, readings } from './annotations.ts';
import { adapters, prompts } from './adapters.ts';
import { explain } from './explain.ts';
import { imports } from './imports.ts';
import { watches } from './watches.ts';
import { references } from './references.ts';
import { images, samples, studies } from './studies.ts';
import { sweeps } from './sweeps.ts';
import { evaluations, thresholds } from './evaluations.ts';
import { inspect, runs } from './runs.ts';
import { events, jobs, models, system } from './system.ts';

export const contract = {
  studies,
  samples,
  images,
  imports,
  watches,
  references,
  runs,
  inspect,
  explain,
  evaluations,
  annotations,
  readings,
  thresholds,
  sweeps,
  jobs,
  adapters,
  prompts,
  models,
  system,
  events,
};
