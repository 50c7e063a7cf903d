import { annotations, readings } from './annotations.ts';
import { adapters, prompts } from './adapters.ts';
import { api } from './base.ts';
import { explain } from './explain.ts';
import { imports } from './imports.ts';
import { watches } from './watches.ts';
import { references } from './references.ts';
import { evaluations, thresholds } from './evaluations.ts';
import { inspect, runs } from './runs.ts';
import { images, samples, studies } from './studies.ts';
import { sweeps } from './sweeps.ts';
import { events, jobs, models, system } from './system.ts';

export const router = api.router({
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
});
