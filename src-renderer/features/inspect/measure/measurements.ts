import { inject, provide, type InjectionKey } from 'vue';
import type { ImageId } from '#shared/domain.ts';
import type { Measurement } from '#shared/measurement.ts';

/** What is measured on the image being read, the one being drawn last; nothing on any other. */
export interface Measurements {
  of(image: ImageId): readonly Measurement[];
  remove(id: string): void;
}

const key: InjectionKey<Measurements> = Symbol('measurements');

export const provideMeasurements = (measurements: Measurements): void => provide(key, measurements);

export function useMeasurements(): Measurements {
  const measurements = inject(key);
  if (measurements === undefined) throw new Error('Measurements are drawn outside of Inspect.');
  return measurements;
}
