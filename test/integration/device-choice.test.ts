import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { EngineChannel, SpawnEngine } from '#main/engine/spawn.ts';
import { installation, spawnEngine } from '#main/installation.ts';
import type { ComputeDevice } from '#shared/devices.ts';
import type { EngineRequestMessage } from '#shared/engine-protocol.ts';
import { defaultSettings } from '#shared/settings.ts';
import { forkEngine } from '#main/engine/spawn.ts';
import { softwareVulkan } from '../support/browser.ts';
import { writePhantomSet } from '../support/phantoms.ts';
import { importModel, importStudy, openServices } from '../support/services.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { tinyDinov3, writeModelFolder } from '../support/tiny-models.ts';

type Answer = { readonly reply: unknown } | { readonly failure: string } | 'dies' | 'real';

/** The real engine, with some answers of a machine that the test does not have. */
function engineWith(answerTo: (message: EngineRequestMessage) => Answer): SpawnEngine {
  return () => {
    const real = spawnEngine();
    let tell: (message: unknown) => void = () => {};
    const channel: EngineChannel = {
      ...real,
      onMessage(listener) {
        tell = listener;
        real.onMessage(listener);
      },
      post(message) {
        const request = message as EngineRequestMessage;
        const answer = 'call' in request ? answerTo(request) : 'real';
        if (answer === 'real') real.post(message);
        else if (answer === 'dies') real.kill();
        else if ('reply' in answer) setImmediate(tell, { id: request.id, ok: true, reply: answer.reply });
        else setImmediate(tell, { id: request.id, ok: false, kind: 'device', message: answer.failure });
      },
    };
    return channel;
  };
}

const agrees = (milliseconds: number): Answer => ({ reply: { milliseconds, deviation: 1e-6 } });

/** A machine with these devices, on which nothing but the CPU is real. */
function machineWith(
  devices: Partial<Record<ComputeDevice, Answer>>,
  inUse: () => Answer = () => 'real',
): SpawnEngine {
  return engineWith((message) => {
    if (message.call === 'list-devices') return { reply: Object.keys(devices) };
    if (message.call === 'try-device') {
      const { device } = message.request as { device: ComputeDevice };
      return devices[device] ?? 'real';
    }
    if (message.call === 'use-device') return { reply: undefined };
    return message.call === 'prepare' ? inUse() : 'real';
  });
}

async function phantomRun(engine: SpawnEngine) {
  const folder = await temporaryFolder();
  await writePhantomSet(join(folder, 'set'), { normals: 2, abnormals: 1, size: 64 });
  const services = openServices(join(folder, 'workspace'), engine);
  const study = await importStudy(services, 'phantoms', { paths: [join(folder, 'set')] });
  const run = services.runs.start(study, { ...defaultSettings, size: 64 });
  services.jobs.wake();
  const job = await services.jobs.ended(services.workspace.runs.jobOf(run.id)!);
  return { services, job, folder };
}

test(
  'the fastest device that agrees with the CPU is used and remembered, the others are named with their reason',
  { timeout: 180_000 },
  async () => {
    let trials = 0;
    const engine = machineWith({
      cpu: agrees(20),
      webgpu: agrees(5),
      cuda: { failure: 'CUDA cannot be used here (no driver).' },
      dml: 'dies',
      coreml: agrees(30),
    });
    const counting: SpawnEngine = () => {
      const channel = engine();
      return {
        ...channel,
        post: (message) => (
          (trials += (message as EngineRequestMessage).call === 'try-device' ? 1 : 0),
          channel.post(message)
        ),
      };
    };
    const { services, job } = await phantomRun(counting);
    expect(job.state).toBe('finished');
    const model = services.catalogue.get('scatter16');
    expect(model.device).toBe('webgpu');
    expect(model.trials.map(({ device, outcome }) => [device, outcome.kind])).toEqual([
      ['cpu', 'agrees'],
      ['webgpu', 'agrees'],
      ['cuda', 'refused'],
      ['dml', 'refused'],
      ['coreml', 'agrees'],
    ]);
    const { device, refusals } = services.system.engineStatus();
    expect(device).toBe('WebGPU');
    expect(refusals).toEqual([
      'CUDA: CUDA cannot be used here (no driver).',
      expect.stringMatching(/^DirectML: It ended the compute engine\. .*SIGKILL/),
    ]);
    expect(trials).toBe(5);
    await services.models.check('scatter16');
    expect(trials).toBe(5);
    expect((await services.models.tryDevices('scatter16')).length).toBe(5);
    expect(trials).toBe(10);
  },
);

test(
  'a driver that ends the engine in use is refused, and the run goes on elsewhere',
  { timeout: 180_000 },
  async () => {
    let deaths = 0;
    const inUse = (): Answer => (deaths++ === 0 ? 'dies' : 'real');
    const { services, job } = await phantomRun(machineWith({ cpu: agrees(20), webgpu: agrees(5) }, inUse));
    expect(job).toMatchObject({ state: 'finished', error: null });
    const { device, trials } = services.catalogue.get('scatter16');
    expect(device).toBe('cpu');
    expect(trials.find((trial) => trial.device === 'webgpu')?.outcome).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('It ended the compute engine in use.'),
    });
    expect(services.system.engineStatus().restarts).toBe(1);
  },
);

test(
  'a device that fails in use is refused with its reason, and the run goes on elsewhere',
  { timeout: 180_000 },
  async () => {
    let failures = 0;
    const inUse = (): Answer => (failures++ === 0 ? { failure: 'WebGPU failed (device lost).' } : 'real');
    const { services, job } = await phantomRun(machineWith({ cpu: agrees(20), webgpu: agrees(5) }, inUse));
    expect(job.state).toBe('finished');
    expect(services.system.engineStatus()).toMatchObject({
      device: 'CPU',
      refusals: ['WebGPU: WebGPU failed (device lost).'],
      restarts: 0,
    });
  },
);

const vulkan = await softwareVulkan();

test.skipIf(vulkan === null)(
  'a device that computes something else is found out (fused attention on WebGPU in software; Linux on x64 only)',
  { timeout: 240_000 },
  async () => {
    const folder = await temporaryFolder();
    const services = openServices(
      join(folder, 'workspace'),
      forkEngine(join(installation, 'src-engine', 'main.ts'), { ...process.env, ...vulkan }),
    );
    const source = writeModelFolder(join(folder, 'tiny'), tinyDinov3(1, { patch: 16, hidden: 32, heads: 2 }));
    const model = await importModel(services, source);
    const webgpu = model.trials.find(({ device }) => device === 'webgpu');
    expect(webgpu?.outcome).toMatchObject({
      kind: 'refused',
      reason: expect.stringMatching(
        /WebGPU computes other features of tiny than the CPU \(they differ by \d+\.\d %\)/,
      ),
    });
    expect(model.device).toBe('cpu');
  },
);
