import { createRandom } from './random.ts';

/** Smooth random field over three coordinates; mean 0, values about -1..1, features about one unit wide. */
export type Noise = (x: number, y: number, z: number) => number;

const fade = (t: number): number => t * t * t * (t * (t * 6 - 15) + 10);

function slope(hash: number, x: number, y: number, z: number): number {
  const h = hash & 15;
  const u = h < 8 ? x : y;
  const v = h < 4 ? y : h === 12 || h === 14 ? x : z;
  return ((h & 1) === 0 ? u : -u) + ((h & 2) === 0 ? v : -v);
}

/** Gradient noise (Perlin, "Improving noise", SIGGRAPH 2002) over a permutation drawn from `seed`. */
export function gradientNoise(seed: number): Noise {
  const random = createRandom(seed);
  const table = new Uint8Array(512);
  for (let i = 0; i < 256; i++) table[i] = i;
  for (let i = 255; i > 0; i--) {
    const j = random.integer(i + 1);
    const held = table[i]!;
    table[i] = table[j]!;
    table[j] = held;
  }
  table.copyWithin(256, 0, 256);

  return (x, y, z) => {
    const column = Math.floor(x);
    const row = Math.floor(y);
    const layer = Math.floor(z);
    const fx = x - column;
    const fy = y - row;
    const fz = z - layer;
    const u = fade(fx);
    const v = fade(fy);
    const w = fade(fz);
    const a = table[column & 255]! + (row & 255);
    const b = table[(column + 1) & 255]! + (row & 255);
    const near = layer & 255;
    const corner = (base: number, dx: number, dy: number): number => {
      const front = slope(table[(table[base & 511]! + near) & 511]!, fx - dx, fy - dy, fz);
      const back = slope(table[(table[base & 511]! + near + 1) & 511]!, fx - dx, fy - dy, fz - 1);
      return front + (back - front) * w;
    };
    const top = corner(a, 0, 0) + (corner(b, 1, 0) - corner(a, 0, 0)) * u;
    const bottom = corner(a + 1, 0, 1) + (corner(b + 1, 1, 1) - corner(a + 1, 0, 1)) * u;
    return top + (bottom - top) * v;
  };
}

/** Sum of `octaves` copies of `noise`, each twice as fine and `gain` times as strong as the one before. */
export function fractal(noise: Noise, octaves: number, gain = 0.5): Noise {
  return (x, y, z) => {
    let sum = 0;
    let strength = 1;
    let frequency = 1;
    for (let octave = 0; octave < octaves; octave++) {
      sum += strength * noise(x * frequency + octave * 17.3, y * frequency - octave * 9.1, z * frequency);
      strength *= gain;
      frequency *= 2;
    }
    return sum;
  };
}
