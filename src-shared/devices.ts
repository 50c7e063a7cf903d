/** What inference runs on. */
import { z } from 'zod';

/** Execution providers of ONNX Runtime, the CPU first: the others are held against it. */
export const ComputeDevices = z.enum(['cpu', 'webgpu', 'cuda', 'dml', 'coreml']);
export type ComputeDevice = z.infer<typeof ComputeDevices>;

/** As people read them. */
export const deviceNames: Readonly<Record<ComputeDevice, string>> = {
  cpu: 'CPU',
  webgpu: 'WebGPU',
  cuda: 'CUDA',
  dml: 'DirectML',
  coreml: 'CoreML',
};

/** What became of one model on one device of this machine. */
export const DeviceTrial = z.object({
  device: ComputeDevices,
  outcome: z.discriminatedUnion('kind', [
    z.object({
      kind: z.literal('agrees'),
      /** For one small image. */
      milliseconds: z.number(),
      /** Relative L2 distance of the patch features to those of the CPU. */
      deviation: z.number(),
    }),
    z.object({ kind: z.literal('refused'), reason: z.string() }),
  ]),
  at: z.iso.datetime(),
});
export type DeviceTrial = z.infer<typeof DeviceTrial>;

/** The fastest device whose features agree with the CPU's; the CPU where nothing was tried. */
export function fastestOf(trials: readonly DeviceTrial[]): ComputeDevice {
  let fastest: ComputeDevice = 'cpu';
  let least = Infinity;
  for (const { device, outcome } of trials) {
    if (outcome.kind !== 'agrees' || outcome.milliseconds >= least) continue;
    fastest = device;
    least = outcome.milliseconds;
  }
  return fastest;
}
