import type { DoctorCalls } from '#shared/doctor-protocol.ts';
import type { EngineImage } from '#shared/engine-protocol.ts';
import { scoreLeftOut } from '../../methods/normal-set/index.ts';
import type { EngineState } from '../../state.ts';

export async function leaveOneOut(
  state: EngineState,
  { image, references, settings }: DoctorCalls['leave-one-out']['request'],
): Promise<DoctorCalls['leave-one-out']['reply']> {
  const counted = async ({ pixels }: EngineImage) => {
    const { patches } = await state.features.get(pixels, settings);
    return {
      features: patches,
      foreground: await state.images.foreground(pixels, patches, settings.foreground),
    };
  };
  const left = await counted(image);
  const scored = scoreLeftOut(left, await Promise.all(references.map(counted)));
  return scored && { ...scored, foreground: left.foreground };
}
