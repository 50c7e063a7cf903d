import { statfs } from 'node:fs/promises';
import { levelLayers, type TrainingEstimate, type TrainingSettings } from '#shared/adapter.ts';
import type { Model } from '#shared/domain.ts';

/** Seconds of a batch of 64 images x 4 levels x 1024 patches x 1024 dimensions on two cores: products, and the loss at 512 x 512. */
const PRODUCT_SECONDS = 3.6;
const LOSS_SECONDS = 1.4;
const MEASURED = { images: 64, levels: 4, patches: 1024, dimension: 1024, bottleneck: 256, size: 512 };
/** Edge at which an import measures a model. */
const MEASURED_SIZE = 448;

/** Disk and time of a training, before anything is made. */
export async function estimateTraining(
  settings: TrainingSettings,
  model: Model,
  images: { readonly all: number; readonly abnormal: number },
  folder: string,
): Promise<TrainingEstimate> {
  const layers = levelLayers(model, settings.levels);
  const levels = Math.max(1, layers.length);
  const patches = (settings.size / model.patch) ** 2;
  const rounds = (settings.epochs * images.all * levels) / (MEASURED.images * MEASURED.levels);
  const products =
    (PRODUCT_SECONDS * patches * model.dimension * settings.bottleneck) /
    (MEASURED.patches * MEASURED.dimension * MEASURED.bottleneck);
  const loss = LOSS_SECONDS * (settings.size / MEASURED.size) ** 2;
  const milliseconds = model.imported?.milliseconds;
  const { bavail, bsize } = await statfs(folder);
  return {
    images: images.all,
    abnormal: images.abnormal,
    batches: settings.epochs * Math.ceil(images.all / settings.batch),
    layers,
    disk: images.all * (levels * patches * model.dimension * 2 + settings.size ** 2),
    free: bavail * bsize,
    extraction:
      milliseconds === undefined
        ? null
        : (images.all * milliseconds * (settings.size / MEASURED_SIZE) ** 2) / 1000,
    training: rounds * (products + loss),
  };
}
