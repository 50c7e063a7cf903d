import type { ComputeDevice, DeviceTrial } from '#shared/devices.ts';
import type { Connection } from '../database.ts';

interface TrialRow {
  model_sha256: string;
  machine: string;
  device: ComputeDevice;
  milliseconds: number | null;
  deviation: number | null;
  refusal: string | null;
  tried_at: string;
}

const toTrial = ({ device, milliseconds, deviation, refusal, tried_at }: TrialRow): DeviceTrial => ({
  device,
  outcome:
    milliseconds === null || deviation === null
      ? { kind: 'refused', reason: refusal ?? '' }
      : { kind: 'agrees', milliseconds, deviation },
  at: tried_at,
});

/** How models fared on the devices of machines, by the hash of the model. */
export function deviceTrialRepository(db: Connection) {
  const all = db.prepare<[string, string], TrialRow>(
    'SELECT * FROM device_trial WHERE model_sha256 = ? AND machine = ? ORDER BY tried_at',
  );
  const insert = db.prepare<[TrialRow]>(`INSERT OR REPLACE INTO device_trial VALUES (
    @model_sha256, @machine, @device, @milliseconds, @deviation, @refusal, @tried_at)`);
  const remove = db.prepare<[string, string]>(
    'DELETE FROM device_trial WHERE model_sha256 = ? AND machine = ?',
  );
  return {
    of: (model: string, machine: string): DeviceTrial[] => all.all(model, machine).map(toTrial),
    record(model: string, machine: string, { device, outcome, at }: DeviceTrial): void {
      const agrees = outcome.kind === 'agrees';
      insert.run({
        model_sha256: model,
        machine,
        device,
        milliseconds: agrees ? outcome.milliseconds : null,
        deviation: agrees ? outcome.deviation : null,
        refusal: agrees ? null : outcome.reason,
        tried_at: at,
      });
    },
    forget: (model: string, machine: string): void => void remove.run(model, machine),
  };
}
