/** scatter16 written down a second time, from the recipe: float64, direct convolutions, one pixel at a time. */

interface Plane {
  readonly width: number;
  readonly height: number;
  readonly data: Float64Array;
}

interface Filter {
  readonly size: number;
  readonly weights: readonly number[];
}

const SCALES = 4;
const ANGLES = 8;
/** Under the logarithm of order 0, 1 and 2. */
const OFFSETS = [0.2, 0.3, 0.3] as const;
const EMBEDDING_OFFSET = 0.01;
const KEPT_PIXEL = [1, 1, 1, 0];

/** Features [rows, columns, 35 or 417] and embedding of one RGB image, planes one after the other. */
export function referenceScatter16(image: Float32Array, width: number, height: number, averaged: boolean) {
  const coefficients: Plane[] = [];
  const pyramid = [luminance(image, width, height)];
  for (let j = 0; j < SCALES; j++) pyramid.push(halve(pyramid[j]!, j));
  coefficients.push(pyramid[SCALES]!);
  const first = pyramid.slice(0, SCALES).map(moduli);
  first.forEach((planes, j) => {
    const low = planes.map((plane) => toGrid(plane, j));
    coefficients.push(...(averaged ? [mean(low)] : low));
  });
  for (let j = 0; j < SCALES; j++) {
    let planes = first[j]!;
    for (let j2 = j + 1; j2 < SCALES; j2++) {
      planes = planes.map((plane) => halve(plane, j2 - 1));
      const pairs = planes.map((plane) => moduli(plane).map((modulus) => toGrid(modulus, j2)));
      if (!averaged) coefficients.push(...pairs.flat());
      else for (let d = 0; d <= ANGLES / 2; d++) coefficients.push(mean(pairsWithDifference(pairs, d)));
    }
  }
  return readOut(coefficients, averaged);
}

function readOut(coefficients: readonly Plane[], averaged: boolean) {
  const { width: columns, height: rows } = coefficients[0]!;
  const dimension = coefficients.length;
  const patches = new Float64Array(rows * columns * dimension);
  coefficients.forEach(({ data }, channel) => {
    for (let patch = 0; patch < data.length; patch++) {
      patches[patch * dimension + channel] = Math.log(data[patch]! + OFFSETS[orderOf(channel, averaged)]);
    }
  });
  const embedding: number[] = [];
  for (const [top, bottom, left, right] of [
    [0, 1, 0, 1],
    [0, 0.5, 0, 0.5],
    [0, 0.5, 0.5, 1],
    [0.5, 1, 0, 0.5],
    [0.5, 1, 0.5, 1],
  ] as const) {
    for (const { data } of coefficients) {
      let sum = 0;
      let area = 0;
      for (let y = 0; y < rows; y++) {
        for (let x = 0; x < columns; x++) {
          const weight = overlap(y, top * rows, bottom * rows) * overlap(x, left * columns, right * columns);
          sum += weight * Math.log(1 + data[y * columns + x]! / EMBEDDING_OFFSET);
          area += weight;
        }
      }
      embedding.push(sum / area);
    }
  }
  return { rows, columns, dimension, patches, embedding };
}

function orderOf(channel: number, averaged: boolean): 0 | 1 | 2 {
  if (channel === 0) return 0;
  return channel <= SCALES * (averaged ? 1 : ANGLES) ? 1 : 2;
}

/** Length of the part of [cell, cell + 1] within [from, to]. */
function overlap(cell: number, from: number, to: number): number {
  return Math.max(0, Math.min(cell + 1, to) - Math.max(cell, from));
}

function luminance(image: Float32Array, width: number, height: number): Plane {
  const pixels = width * height;
  const data = Float64Array.from(
    { length: pixels },
    (_, i) => 0.299 * image[i]! + 0.587 * image[pixels + i]! + 0.114 * image[2 * pixels + i]!,
  );
  return { width, height, data };
}

function halve(plane: Plane, scale: number): Plane {
  const row = [1, 4, 6, 4, 1];
  const weights = row.flatMap((a) => row.map((b) => (a * b) / 256));
  const blurred = correlate(plane, { size: 5, weights });
  const width = plane.width / 2;
  const height = plane.height / 2;
  const data = new Float64Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const kept = KEPT_PIXEL[scale]!;
      data[y * width + x] = blurred.data[(2 * y + kept) * plane.width + 2 * x + kept]!;
    }
  }
  return { width, height, data };
}

function toGrid(plane: Plane, from: number): Plane {
  let low = plane;
  for (let scale = from; scale < SCALES; scale++) low = halve(low, scale);
  return low;
}

function moduli(plane: Plane): Plane[] {
  return Array.from({ length: ANGLES }, (_, k) => {
    const { real, imaginary } = wavelet((k * Math.PI) / ANGLES);
    const a = correlate(plane, real).data;
    const b = correlate(plane, imaginary).data;
    return { ...plane, data: a.map((value, i) => Math.hypot(value, b[i]!)) };
  });
}

function wavelet(angle: number): { real: Filter; imaginary: Filter } {
  const points = Array.from({ length: 49 }, (_, i) => {
    const x = (i % 7) - 3;
    const y = Math.floor(i / 7) - 3;
    const u = x * Math.cos(angle) + y * Math.sin(angle);
    const v = 0.5 * (-x * Math.sin(angle) + y * Math.cos(angle));
    return { u, envelope: Math.exp(-(u * u + v * v) / (2 * 0.8 * 0.8)) };
  });
  const total = points.reduce((sum, { envelope }) => sum + envelope, 0);
  const part = (wave: (phase: number) => number) => {
    const raw = points.map(({ u, envelope }) => envelope * wave(((3 * Math.PI) / 4) * u));
    const shift = raw.reduce((sum, value) => sum + value, 0) / total;
    return raw.map((value, i) => value - shift * points[i]!.envelope);
  };
  const real = part(Math.cos);
  const imaginary = part(Math.sin);
  const norm = real.reduce((sum, value, i) => sum + Math.hypot(value, imaginary[i]!), 0);
  const filter = (weights: number[]) => ({ size: 7, weights: weights.map((value) => value / norm) });
  return { real: filter(real), imaginary: filter(imaginary) };
}

function correlate({ width, height, data }: Plane, { size, weights }: Filter): Plane {
  const radius = (size - 1) / 2;
  const result = new Float64Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let sum = 0;
      for (let dy = 0; dy < size; dy++) {
        const row = reflect(y + dy - radius, height) * width;
        for (let dx = 0; dx < size; dx++) {
          sum += weights[dy * size + dx]! * data[row + reflect(x + dx - radius, width)]!;
        }
      }
      result[y * width + x] = sum;
    }
  }
  return { width, height, data: result };
}

/** d c b | a b c d | c b a */
function reflect(i: number, length: number): number {
  if (i < 0) return -i;
  return i < length ? i : 2 * (length - 1) - i;
}

function pairsWithDifference(pairs: readonly Plane[][], difference: number): Plane[] {
  return pairs.flatMap((row, a) =>
    row.filter((_, b) => Math.min(Math.abs(a - b), ANGLES - Math.abs(a - b)) === difference),
  );
}

function mean(planes: readonly Plane[]): Plane {
  const data = planes[0]!.data.map(
    (_, i) => planes.reduce((sum, plane) => sum + plane.data[i]!, 0) / planes.length,
  );
  return { ...planes[0]!, data };
}
