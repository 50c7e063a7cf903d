import { listSupportedBackends } from 'onnxruntime-node';
import { type ComputeDevice, ComputeDevices, deviceNames } from '#shared/devices.ts';
import { Failure } from '#shared/errors.ts';
import { calibrationPicture } from './calibration-picture.ts';
import type { FoundModel } from './catalogue.ts';
import { type Extractor, extractorOf } from './extractor.ts';
import { deviationOf } from './self-check.ts';
import { openSession } from './session.ts';

/** The devices this build of the runtime knows, the CPU first; whether the machine has them shows when they are tried. */
export function knownDevices(): ComputeDevice[] {
  const names = new Set(listSupportedBackends().map(({ name }) => name));
  return ComputeDevices.options.filter((device) => names.has(device));
}

/**
 * Relative L2 distance to the CPU's features above which a device is not trusted: half precision inside a device stays below a
 * thousandth, while attention that leaves tokens out was seen at four thousandths.
 */
const TRUSTED_DEVIATION = 2e-3;
/** Patches a side of the images that are compared. What goes wrong from some number of tokens on may fade in larger images. */
const GRIDS = [8, 14] as const;
/** Runs for the time stop after so many, or so many milliseconds. */
const TIMED_RUNS = 3;
const TIMED_FOR = 1000;

export interface DeviceMeasure {
  /** For one image of the larger size, the fastest of a few. */
  readonly milliseconds: number;
  /** Relative L2 distance of the patch features to the CPU's. */
  readonly deviation: number;
}

/**
 * Runs a model on a device and on the CPU, on the calibration picture: some drivers compute wrongly without an error.
 * @throws Failure `device` when the device cannot run the model or computes something else than the CPU.
 */
export async function tryDevice({ entry, path }: FoundModel, device: ComputeDevice): Promise<DeviceMeasure> {
  await using onCpu = await opened(entry, path, 'cpu');
  await using tried = device === 'cpu' ? onCpu : await opened(entry, path, device);
  const deviations: number[] = [];
  for (const grid of GRIDS)
    deviations.push(await disagreement(tried.extractor, onCpu.extractor, grid, device));
  const size = edgeOf(entry, GRIDS[1]);
  const times: number[] = [];
  for (const until = performance.now() + TIMED_FOR; times.length < TIMED_RUNS && performance.now() < until;) {
    const began = performance.now();
    await tried.extractor.extract(calibrationPicture(), size);
    times.push(performance.now() - began);
  }
  return { milliseconds: Math.min(...times), deviation: Math.max(...deviations) };
}

/** @throws Failure `device` as `tryDevice` does; quicker, for it takes no time. */
export async function assertAgreement({ entry, path }: FoundModel, device: ComputeDevice): Promise<void> {
  await using onCpu = await opened(entry, path, 'cpu');
  await using tried = await opened(entry, path, device);
  await disagreement(tried.extractor, onCpu.extractor, GRIDS[0], device);
}

const edgeOf = ({ patch, minimumSize }: FoundModel['entry'], grid: number): number =>
  patch * Math.max(grid, Math.ceil(minimumSize / patch));

async function disagreement(
  tried: Extractor,
  onCpu: Extractor,
  grid: number,
  device: ComputeDevice,
): Promise<number> {
  const picture = calibrationPicture();
  const size = edgeOf(onCpu.entry, grid);
  const deviation = deviationOf(await tried.extract(picture, size), await onCpu.extract(picture, size));
  if (deviation <= TRUSTED_DEVIATION) return deviation;
  const apart = Number.isFinite(deviation)
    ? `they differ by ${(100 * deviation).toFixed(1)} %`
    : 'not numbers';
  throw new Failure(
    'device',
    `${deviceNames[device]} computes other features of ${onCpu.entry.name} than the CPU (${apart}).`,
  );
}

async function opened(
  entry: FoundModel['entry'],
  path: string,
  device: ComputeDevice,
): Promise<{ readonly extractor: Extractor } & AsyncDisposable> {
  const extractor = extractorOf(entry, await openSession(path, device));
  let released: Promise<void> | undefined;
  return { extractor, [Symbol.asyncDispose]: () => (released ??= extractor.release()) };
}
