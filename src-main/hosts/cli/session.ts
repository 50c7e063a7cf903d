import type { Command } from 'commander';
import { resolve } from 'node:path';
import type { Device, Study } from '#shared/domain.ts';
import { Failure } from '#shared/errors.ts';
import type { Job } from '#shared/domain.ts';
import { installation, spawnEngine } from '#main/installation.ts';
import { createServices, type Services } from '#main/services.ts';
import { defaultWorkspace } from '#main/workspace/location.ts';

interface GlobalOptions {
  readonly workspace?: string;
  readonly json?: boolean;
}

const globals = (command: Command): GlobalOptions => command.optsWithGlobals<GlobalOptions>();

export const wantsJson = (command: Command): boolean => globals(command).json === true;

export const workspaceOf = (command: Command): string => {
  const { workspace } = globals(command);
  return workspace === undefined ? defaultWorkspace() : resolve(workspace);
};

/** Opens the workspace for the length of one command, and closes it however that ends. */
export async function withServices<T>(
  workspaceFolder: string,
  work: (services: Services) => Promise<T> | T,
  device: Device = 'auto',
): Promise<T> {
  const services = createServices({ workspaceFolder, host: 'terminal', installation, spawnEngine, device });
  // Ctrl+C leaves the job as a crash would: it goes on at the next start.
  const interrupt = () => void services.close().finally(() => process.exit(130));
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  try {
    return await work(services);
  } finally {
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
    await services.close();
  }
}

/** @throws Failure('not-found') with the names there are */
export function studyNamed(services: Services, name: string): Study {
  const id = services.workspace.studies.findByName(name);
  if (id !== undefined) return services.workspace.studies.get(id);
  const names = services.workspace.studies.list().map((study) => study.name);
  const known = names.length === 0 ? 'The workspace has no studies yet.' : `Studies: ${names.join(', ')}.`;
  throw new Failure('not-found', `There is no study "${name}". ${known}`);
}

/** Starts the queue and waits for one job, its progress on standard error. @throws its failure */
export async function finish(services: Services, id: Job['id']): Promise<Job> {
  const show = progressLine();
  const stop = new AbortController();
  const watch = (async () => {
    for await (const event of services.events.stream(stop.signal)) {
      if (event.type === 'job' && event.job.id === id) show(event.job);
    }
  })();
  services.jobs.start();
  const job = await services.jobs.ended(id);
  stop.abort();
  await watch;
  show(job, true);
  if (job.state === 'failed') throw new Failure('invalid', job.error ?? 'The job failed.');
  if (job.state === 'cancelled') throw new Failure('cancelled', 'The job was cancelled.');
  return job;
}

/** One line that is written over, on a terminal; nothing elsewhere. */
function progressLine(): (job: Job, last?: boolean) => void {
  if (!process.stderr.isTTY) return () => {};
  return (job, last = false) => {
    const text = job.activity ?? `${job.title}: ${job.done} of ${job.total}`;
    process.stderr.write(`\r\u001B[K${text}${last ? '\n' : ''}`);
  };
}
