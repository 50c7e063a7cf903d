/** `npm run bench [-- SECTION]`: prints tables. Absolute times are this machine's; quote ratios within one run. */
import { benchDoctor } from './doctor.ts';
import { benchFoundation } from './foundation.ts';
import { benchImages } from './images.ts';
import { benchMatching } from './matching.ts';
import { benchImport } from './import.ts';
import { benchMethods } from './methods.ts';
import { benchTraining } from './training.ts';
import { benchMetrics } from './metrics.ts';
import { benchModels } from './models.ts';
import { benchOverlap } from './overlap.ts';
import { benchViewer } from './viewer.ts';

const sections: Readonly<Record<string, () => Promise<void>>> = {
  doctor: benchDoctor,
  foundation: benchFoundation,
  images: benchImages,
  matching: benchMatching,
  methods: benchMethods,
  import: benchImport,
  models: benchModels,
  overlap: benchOverlap,
  metrics: benchMetrics,
  train: benchTraining,
  viewer: benchViewer,
};

const [wanted = 'foundation'] = process.argv.slice(2);
const section = sections[wanted];
if (section) {
  await section();
} else {
  console.error(`There is no section "${wanted}": ${Object.keys(sections).join(', ')}.`);
  process.exitCode = 1;
}
