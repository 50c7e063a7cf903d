import type { ComputeDevice } from '#shared/devices.ts';
import type { Device } from '#shared/domain.ts';
import { findModel, type ModelFolders } from './catalogue.ts';
import { assertAgreement } from './devices.ts';
import { type Extractor, extractorOf } from './extractor.ts';
import { batchOn, openSession } from './session.ts';

export interface Extractors {
  /**
   * The extractor of this name, loaded at its first use.
   * @throws Failure `not-found` for a name that no folder has, `unreadable` when it cannot be loaded.
   */
  get(name: string): Promise<Extractor>;
  /** From now on the model runs there; one that runs elsewhere is let go. */
  use(name: string, device: ComputeDevice): Promise<void>;
  /** Lets go of a model, so that its files can be removed or be others the next time. */
  close(name: string): Promise<void>;
}

/** Extractors of built-in and imported models. A load that failed is tried again by the next caller. */
export function openExtractors(
  builtIn: string,
  imported: string | null = null,
  device: Device = 'cpu',
): Extractors {
  const folders: ModelFolders = { builtIn, imported };
  const opened = new Map<string, Promise<Extractor>>();
  const chosen = new Map<string, ComputeDevice>();
  const close = async (name: string): Promise<void> => {
    const present = opened.get(name);
    opened.delete(name);
    await (await present?.catch(() => undefined))?.release();
  };
  return {
    get(name) {
      const present = opened.get(name);
      if (present) return present;
      const opening = open(folders, name, device, chosen.get(name));
      opened.set(name, opening);
      opening.catch(() => opened.delete(name));
      return opening;
    },
    async use(name, next) {
      if (chosen.get(name) === next) return;
      chosen.set(name, next);
      await close(name);
    },
    close,
  };
}

/** A device that a person insists on is tried here; one that main has chosen was tried before. */
async function open(
  folders: ModelFolders,
  name: string,
  wanted: Device,
  chosen: ComputeDevice | undefined,
): Promise<Extractor> {
  const found = await findModel(folders, name);
  const device = wanted === 'auto' ? (chosen ?? 'cpu') : wanted;
  if (wanted !== 'auto' && wanted !== 'cpu') await assertAgreement(found, wanted);
  const batch = batchOn(device, found.entry.precision);
  return extractorOf(found.entry, await openSession(found.path, device, batch));
}
