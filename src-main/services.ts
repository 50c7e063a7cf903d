import { join } from 'node:path';
import type { Device, StudyId } from '#shared/domain.ts';
import type { SystemInfo } from '#shared/contract/system.ts';
import { agreementService } from './annotations/agreement-service.ts';
import { annotationExport } from './annotations/annotation-export.ts';
import { annotationService } from './annotations/annotation-service.ts';
import { readingService } from './annotations/reading-service.ts';
import { adapterService } from './adapters/adapter-service.ts';
import { promptService } from './adapters/prompt-service.ts';
import { protocolAdapters } from './adapters/protocol-adapters.ts';
import { trainingService } from './adapters/training-service.ts';
import { appEvents } from './app-events.ts';
import { superviseEngine } from './engine/engine.ts';
import type { SpawnEngine } from './engine/spawn.ts';
import { watchService } from './imports/watch-service.ts';
import { importService } from './imports/import-service.ts';
import { createJobQueue } from './jobs/job-queue.ts';
import { builtInModels, modelCatalogue } from './models/catalogue.ts';
import { deviceService } from './models/devices.ts';
import { blameDevices, engineOnDevices } from './models/engine-on-devices.ts';
import { hubAddress, openHub } from './models/hub/hub.ts';
import { type TokenKeeper, tokenInMemory } from './models/hub/token.ts';
import { modelImports } from './models/model-imports.ts';
import { modelService } from './models/model-service.ts';
import { doctorService } from './references/doctor-service.ts';
import { referenceService } from './references/reference-service.ts';
import { bundleService } from './reports/bundle.ts';
import { reportService } from './reports/report-service.ts';
import { calibrationService } from './runs/calibration-service.ts';
import { evaluationService } from './runs/evaluation-service.ts';
import { explanationService } from './runs/explanation-service.ts';
import { previewService } from './runs/preview-service.ts';
import { runService } from './runs/run-service.ts';
import { sweepService } from './runs/sweep-service.ts';
import { thresholdService } from './runs/threshold-service.ts';
import { sampleService } from './studies/sample-service.ts';
import { studyService } from './studies/study-service.ts';
import { pixelService } from './pixel-service.ts';
import { storageService } from './storage-service.ts';
import { systemService } from './system-service.ts';
import { openWorkspace } from './workspace/workspace.ts';

const gigabyte = 1024 ** 3;

export interface ServiceOptions {
  readonly workspaceFolder: string;
  readonly host: SystemInfo['host'];
  /** Folder with `models/` and `resources/` of this installation. */
  readonly installation: string;
  readonly spawnEngine: SpawnEngine;
  readonly device?: Device;
  /** Where the person's token for the Hugging Face hub is kept; in memory if left out. */
  readonly token?: TokenKeeper;
}

/**
 * Everything Nidus can do, without a window: what the API and the command line both call.
 * @throws Failure('storage') when the workspace cannot be opened.
 */
export function createServices(options: ServiceOptions) {
  const events = appEvents();
  const builtIn = builtInModels(join(options.installation, 'models'));
  const workspace = openWorkspace(options.workspaceFolder);
  const device = options.device ?? 'auto';
  const catalogue = modelCatalogue(builtIn, workspace.models.list, (model) => devices.known(model));
  const { blobs, thumbnails, features, embeddings, states, models: importedModels } = workspace.folders;
  const engineOptions = {
    blobs,
    thumbnails,
    features,
    embeddings,
    models: join(options.installation, 'models'),
    importedModels,
    adapters: workspace.folders.adapters,
    featureCacheBytes: 8 * gigabyte,
    states,
    stateCacheBytes: 8 * gigabyte,
    device,
  };
  const statusChanged = () => events.emit({ type: 'engine', engine: system.engineStatus() });
  const devices = deviceService(
    device,
    workspace,
    // A driver that is missing says so at length; the trial's outcome says it in a sentence.
    () =>
      superviseEngine(
        () => options.spawnEngine({ quiet: true }),
        { ...engineOptions, device: 'cpu' },
        { crashLimit: 1 },
      ),
    () => {
      events.emit({ type: 'models' });
      statusChanged();
    },
  );
  const supervised = superviseEngine(options.spawnEngine, engineOptions, {
    onStatus: statusChanged,
    onCrash(calls, reason) {
      for (const { name, device } of blameDevices(calls, reason, devices, catalogue))
        void supervised.useDevice(name, device);
    },
  });
  const engine = engineOnDevices(supervised, devices, catalogue, (model) => system.noteUse(model));
  const system = systemService(options, workspace, supervised, catalogue);
  const studyChanged = (studyId: StudyId) => {
    events.emit({ type: 'study', studyId });
    events.emit({ type: 'studies' });
  };

  const annotationsChanged = (studyId: StudyId) => events.emit({ type: 'annotations', studyId });

  const imports = importService(workspace, engine, studyChanged);
  const previews = previewService(workspace, engine, catalogue);
  const evaluations = evaluationService(workspace, engine);
  const runs = runService(workspace, engine, catalogue, async (run) => {
    await evaluations.get(run, 'raw', 'abnormal');
    studyChanged(workspace.runs.get(run).studyId);
  });
  const hub = openHub(hubAddress(), options.token ?? tokenInMemory());
  const modelsChanged = () => events.emit({ type: 'models' });
  const bringing = modelImports(workspace, engine, catalogue, devices, hub, modelsChanged);
  const doctor = doctorService(workspace, engine, catalogue, studyChanged);
  const adapters = adapterService(workspace, engine, () => events.emit({ type: 'adapters' }));
  const prompts = promptService(workspace, engine, catalogue, studyChanged);
  const trainings = trainingService(workspace, engine, catalogue, adapters, prompts);
  const executors = {
    train: trainings.execute,
    import: imports.execute,
    run: runs.execute,
    doctor: doctor.execute,
    'import-model': bringing.executeImport,
    download: bringing.executeDownload,
  };
  const sweeps = sweepService(workspace, runs, evaluations, protocolAdapters(workspace, catalogue, prompts));
  const jobs = createJobQueue(workspace, executors, (event) => {
    if (event.type === 'job' && event.job.kind === 'run') system.noteRun(event.job.runId);
    events.emit(event);
  });

  const watches = watchService(workspace, imports, runs, jobs, studyChanged);

  const studies = studyService(workspace, studyChanged);
  const annotations = annotationService(workspace, annotationsChanged);

  return {
    workspace,
    events,
    catalogue,
    adapters,
    prompts,
    trainings,
    hub,
    models: { ...bringing, ...modelService(workspace, engine, catalogue, devices, modelsChanged) },
    system,
    storage: storageService(workspace),
    pixels: pixelService(blobs, engine),
    jobs,
    imports,
    watches,
    runs,
    references: referenceService(workspace, studyChanged),
    doctor,
    evaluations,
    thresholds: thresholdService(workspace),
    sweeps,
    bundles: bundleService(workspace, sweeps, evaluations),
    studies,
    annotations,
    exports: annotationExport(workspace, engine),
    agreement: agreementService(workspace, engine, evaluations),
    readings: readingService(workspace, annotations, studies, annotationsChanged),
    previews,
    explanations: explanationService(workspace, engine, previews),
    calibrations: calibrationService(workspace, engine, catalogue),
    samples: sampleService(join(options.installation, 'resources', 'samples'), workspace, imports),
    reports: reportService(workspace, engine, catalogue, evaluations),
    async close(): Promise<void> {
      await watches.close();
      // The engine goes first: a job that waits for an answer must not keep the application open.
      devices.close();
      engine.close();
      await jobs.close();
      workspace.close();
    },
  };
}

export type Services = ReturnType<typeof createServices>;
