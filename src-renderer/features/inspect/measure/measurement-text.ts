/** Measurements in words. */
import type { PixelArray } from '#shared/arrays.ts';
import type { Measurement } from '#shared/measurement.ts';
import { pixelAt } from '../../../viewer/viewer.ts';
import { angle, areaOf, areaStatistics, distance, type Units } from './measurement.ts';

export const measurementNames: Readonly<Record<Measurement['kind'], string>> = {
  length: 'Length',
  angle: 'Angle',
  rectangle: 'Rectangle',
  ellipse: 'Ellipse',
  probe: 'Probe',
};

function lengthText(value: number, { spacing }: Units): string {
  if (!spacing) return `${value.toFixed(1)} px`;
  return `${value.toFixed(value < 10 ? 2 : 1)} mm`;
}

function areaText(value: number): string {
  return value >= 1000 ? `${(value / 100).toFixed(1)} cm²` : `${value.toFixed(1)} mm²`;
}

/** A sample as the value it stands for, with its unit where that is known. */
export function valueText(sample: number, rescale: Units['rescale'], isFloat: boolean): string {
  const value = rescale ? rescale.slope * sample + rescale.intercept : sample;
  const digits = isFloat || !Number.isInteger(value) ? 3 : 0;
  const text = value.toFixed(Math.abs(value) >= 100 ? Math.min(digits, 1) : digits);
  return rescale?.unit ? `${text} ${rescale.unit}` : text;
}

/** Lines of a measurement's label. */
export function measurementLines(measurement: Measurement, pixels: PixelArray, units: Units): string[] {
  const { spacing, rescale } = units;
  switch (measurement.kind) {
    case 'length':
      return [lengthText(distance(measurement.from, measurement.to, spacing), units)];
    case 'angle':
      return [`${angle(measurement.from, measurement.corner, measurement.to, spacing).toFixed(1)}°`];
    case 'probe': {
      const samples = pixelAt(pixels, measurement.at);
      const isFloat = pixels.data instanceof Float32Array;
      return [samples?.map((sample) => valueText(sample, rescale, isFloat)).join(' ') ?? 'outside'];
    }
    case 'rectangle':
    case 'ellipse': {
      const found = areaStatistics(measurement, pixels, rescale);
      if (!found) return ['no pixel inside'];
      const digits = found.max - found.min > 20 ? 1 : 3;
      const unit = rescale?.unit ? ` ${rescale.unit}` : '';
      return [
        `mean ${found.mean.toFixed(digits)} ± ${found.deviation.toFixed(digits)}${unit}`,
        `${found.min.toFixed(digits)} to ${found.max.toFixed(digits)}${unit}`,
        ...(spacing
          ? [`${areaText(areaOf(measurement, spacing))} · ${found.count} px`]
          : [`${found.count} px`]),
      ];
    }
  }
}
