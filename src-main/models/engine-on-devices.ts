import type { ComputeDevice } from '#shared/devices.ts';
import type { Model } from '#shared/domain.ts';
import { toFailure } from '#shared/errors.ts';
import type { Engine, LostCall } from '#main/engine/engine.ts';
import type { ModelCatalogue } from './catalogue.ts';
import type { DeviceService } from './devices.ts';

/** The model that a request needs: it says so itself, or the settings in it do. */
function modelNamed(request: unknown): string | undefined {
  if (typeof request !== 'object' || request === null || Array.isArray(request)) return undefined;
  if ('model' in request && typeof request.model === 'string') return request.model;
  if ('features' in request) return modelNamed(request.features);
  return 'settings' in request ? modelNamed(request.settings) : undefined;
}

/**
 * The engine, with every call that needs a model running where that model runs best. A device that fails in use is refused
 * with its reason, and the call is tried on the next.
 * @param using called with the model of each call
 */
export function engineOnDevices(
  engine: Engine,
  devices: DeviceService,
  catalogue: ModelCatalogue,
  using: (model: Model) => void,
): Engine {
  return {
    ...engine,
    async call(call, request, urgency, options) {
      const name = modelNamed(request);
      const model = name === undefined ? undefined : catalogue.find(name);
      if (!model) return engine.call(call, request, urgency, options);
      using(model);
      if (!devices.isAutomatic) return engine.call(call, request, urgency, options);
      for (;;) {
        const device = await devices.choose(model);
        await engine.useDevice(model.name, device);
        try {
          return await engine.call(call, request, urgency, options);
        } catch (error) {
          const { kind, message } = toFailure(error);
          if (kind !== 'device' || device === 'cpu') throw error;
          // Another call of the same model may have refused it already.
          if ((await devices.choose(model)) === device) devices.refuse(model, device, message);
        }
      }
    },
  };
}

/** The engine died with these calls: what ran on another device than the CPU goes on without it. */
export function blameDevices(
  calls: readonly LostCall[],
  reason: string,
  devices: DeviceService,
  catalogue: ModelCatalogue,
): { readonly name: string; readonly device: ComputeDevice }[] {
  if (!devices.isAutomatic) return [];
  const names = new Set(calls.flatMap(({ request }) => modelNamed(request) ?? []));
  return [...names].flatMap((name) => {
    const model = catalogue.find(name);
    if (model === undefined || model.device === 'cpu') return [];
    const next = devices.refuse(model, model.device, `It ended the compute engine in use. ${reason}`);
    return [{ name, device: next }];
  });
}
