import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { Failure } from '#shared/errors.ts';
import { createApp } from '#main/app.ts';
import { serve } from '#main/hosts/serve.ts';
import { installation, rendererFolder, spawnEngine } from '#main/installation.ts';
import { integer } from './run.ts';
import { wantsJson, workspaceOf } from './session.ts';

export function addServeCommand(program: Command): void {
  program
    .command('serve')
    .description('the window in a browser; the last line is its address, good for one browser')
    .option('--host <address>', 'interface to listen on', '127.0.0.1')
    .option('--port <n>', '0 takes any free port', integer, 0)
    .action(async ({ host, port }: { host: string; port: number }, command: Command) => {
      if (!existsSync(join(rendererFolder, 'index.html'))) {
        throw new Failure('not-found', 'The window has not been built yet: run "npm run build" first.');
      }
      const app = await createApp({
        workspaceFolder: workspaceOf(command),
        host: 'browser',
        rendererFolder,
        installation,
        spawnEngine,
      });
      const server = await serve(app, { host, port }).catch(async (error: unknown) => {
        await app.close();
        throw error;
      });
      process.stdout.write(
        wantsJson(command) ? `${JSON.stringify({ url: server.url })}\n` : `${server.url}\n`,
      );
      const stop = () => void server.close().then(() => app.close());
      process.once('SIGINT', stop);
      process.once('SIGTERM', stop);
    });
}
