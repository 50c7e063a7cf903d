/** The whole application in the browser host: a real workspace, a real engine process, a real port. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp } from '#main/app.ts';
import type { EngineChannel } from '#main/engine/spawn.ts';
import { serve } from '#main/hosts/serve.ts';
import { installation, rendererFolder, spawnEngine } from '#main/installation.ts';

export interface RunningApplication {
  /** Temporary; goes with the application. Pictures to import may be put beside the workspace in it. */
  readonly folder: string;
  /** An address that opens the window in one browser, once. */
  newUrl(): string;
  /** Ends the compute process as a crash would. */
  killEngine(): void;
  /** Ends the application and leaves the workspace as it is. */
  stop(): Promise<void>;
  /** Starts it again on the same workspace and port. */
  start(): Promise<void>;
  close(): Promise<void>;
}

/** Starts Nidus on a workspace of its own; the window's files must have been built. */
export async function startApplication(): Promise<RunningApplication> {
  const folder = await mkdtemp(join(tmpdir(), 'nidus-e2e-'));
  /** The one at work, and those that only tried a device. */
  const engines = new Set<EngineChannel>();
  let port = 0;

  async function open() {
    const app = await createApp({
      workspaceFolder: join(folder, 'workspace'),
      host: 'browser',
      rendererFolder,
      installation,
      spawnEngine() {
        const engine = spawnEngine();
        engines.add(engine);
        return engine;
      },
    });
    const server = await serve(app, { host: '127.0.0.1', port });
    port = Number(new URL(server.url).port);
    return { app, server };
  }

  let running = await open();
  const stop = async () => {
    await running.server.close();
    await running.app.close();
  };
  return {
    folder,
    newUrl: () => running.server.newUrl(),
    killEngine: () => engines.forEach((engine) => engine.kill()),
    stop,
    async start() {
      running = await open();
    },
    async close() {
      await stop();
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
