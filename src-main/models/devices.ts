import { hostname } from 'node:os';
import type { ComputeDevice, DeviceTrial } from '#shared/devices.ts';
import { fastestOf } from '#shared/devices.ts';
import type { Device, Model } from '#shared/domain.ts';
import { Failure, toFailure } from '#shared/errors.ts';
import type { Engine } from '#main/engine/engine.ts';
import { version } from '#main/version.ts';
import type { Workspace } from '#main/workspace/workspace.ts';

/** What was found on one machine with one version of Nidus holds there alone. */
const machine = `${hostname()} ${process.platform}-${process.arch} ${version}`;

/** A device that has not answered by then is as good as none. */
const patience = 120_000;

/** The hash says which model it is, whatever it is called. */
type Identified = Pick<Model, 'sha256'>;

/**
 * Which device each model runs on. Asked for `auto`, every device is tried once in an engine of its own, which it may kill; the
 * fastest whose features agree with the CPU's is used and remembered, what was refused is kept with its reason.
 * @param openEngine an engine for trials alone, one crash of which settles a call
 * @param changed called when a model runs on another device than before
 */
export function deviceService(
  wanted: Device,
  { deviceTrials }: Pick<Workspace, 'deviceTrials'>,
  openEngine: () => Engine,
  changed: () => void,
) {
  const choosing = new Map<string, Promise<ComputeDevice>>();
  let trying: Engine | undefined;
  let closed = false;

  const trialsOf = ({ sha256 }: Identified): DeviceTrial[] => deviceTrials.of(sha256, machine);

  const record = ({ sha256 }: Model, device: ComputeDevice, outcome: DeviceTrial['outcome']): void =>
    deviceTrials.record(sha256, machine, { device, outcome, at: new Date().toISOString() });

  const engineForTrials = (): Engine => (trying ??= openEngine());
  const closeTrials = (): void => {
    trying?.close();
    trying = undefined;
  };

  const tryOn = async ({ name }: Model, device: ComputeDevice): Promise<DeviceTrial['outcome']> => {
    let timer: NodeJS.Timeout | undefined;
    const tooLong = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(new Failure('device', `It gave no answer within ${patience / 1000} seconds.`)),
        patience,
      );
    });
    try {
      const measured = engineForTrials().call('try-device', { name, device }, 'interactive');
      return { kind: 'agrees', ...(await Promise.race([measured, tooLong])) };
    } catch (error) {
      const { kind, message } = toFailure(error);
      // The next device gets an engine that nothing has happened to.
      closeTrials();
      return {
        kind: 'refused',
        reason: kind === 'engine-gone' ? `It ended the compute engine. ${message}` : message,
      };
    } finally {
      clearTimeout(timer);
    }
  };

  const tryAll = async (model: Model): Promise<ComputeDevice> => {
    try {
      for (const device of await engineForTrials().call('list-devices', undefined, 'interactive')) {
        const outcome = await tryOn(model, device);
        if (closed) return 'cpu';
        record(model, device, outcome);
      }
    } finally {
      closeTrials();
    }
    const chosen = fastestOf(trialsOf(model));
    changed();
    return chosen;
  };

  /** Trials go one after the other: side by side they would spoil each other's times. */
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = (work: () => Promise<ComputeDevice>): Promise<ComputeDevice> => {
    const next = last.then(work, work);
    last = next.catch(() => {});
    return next;
  };

  const choose = (model: Model): Promise<ComputeDevice> => {
    const known = choosing.get(model.sha256);
    if (known) return known;
    const chosen =
      trialsOf(model).length > 0 ? Promise.resolve(fastestOf(trialsOf(model))) : inTurn(() => tryAll(model));
    choosing.set(model.sha256, chosen);
    chosen.catch(() => choosing.delete(model.sha256));
    return chosen;
  };

  return {
    isAutomatic: wanted === 'auto',
    trialsOf,
    /** What the model runs on, tried now if it never was. */
    choose: async (model: Model): Promise<ComputeDevice> => (wanted === 'auto' ? choose(model) : wanted),
    /** As far as known, without a trial. */
    known: (model: Identified): Pick<Model, 'device' | 'trials'> => {
      const trials = trialsOf(model);
      return { trials, device: wanted === 'auto' ? fastestOf(trials) : wanted };
    },
    /** A device failed in use: the next one takes its place. */
    refuse(model: Model, device: ComputeDevice, reason: string): ComputeDevice {
      record(model, device, { kind: 'refused', reason });
      const next = fastestOf(trialsOf(model));
      choosing.set(model.sha256, Promise.resolve(next));
      changed();
      return next;
    },
    /** Tries all devices again: a driver may be another now. */
    again(model: Model): Promise<ComputeDevice> {
      deviceTrials.forget(model.sha256, machine);
      choosing.delete(model.sha256);
      return choose(model);
    },
    close(): void {
      closed = true;
      closeTrials();
    },
  };
}

export type DeviceService = ReturnType<typeof deviceService>;
