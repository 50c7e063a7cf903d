/**
 * `npm start`: the desktop window where one can be had, else the same application in a browser, with one line that says
 * why. The last line on standard output is then the address.
 */
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { defaultWorkspace } from '#main/workspace/location.ts';
import { Failure, toFailure } from '#shared/errors.ts';
import { displayProblem, electronProgram, runDesktop } from './start/desktop.ts';

const usage = `npm start -- [options] [files and folders to import]
  --browser           serve to a browser at once, without looking for a display
  --host <address>    interface for the browser (127.0.0.1)
  --port <number>     port for the browser (4517, or a free one)
  --workspace <dir>   where studies live`;

function readOptions(argv: string[]) {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: {
      browser: { type: 'boolean', default: false },
      host: { type: 'string', default: '127.0.0.1' },
      port: { type: 'string' },
      workspace: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const port = values.port === undefined ? null : Number(values.port);
  if (port !== null && !(Number.isInteger(port) && port >= 0 && port <= 65_535)) {
    throw new Failure('invalid', `--port takes a number up to 65535, not ${values.port}.`);
  }
  const workspaceFolder = values.workspace === undefined ? defaultWorkspace() : resolve(values.workspace);
  return { ...values, port, workspaceFolder, paths: positionals.map((path) => resolve(path)) };
}

type Options = ReturnType<typeof readOptions>;

/** Null when the person asked for the browser; a sentence when there can be no window; else how the desktop host ended. */
async function tryDesktop({ browser, workspaceFolder, paths }: Options) {
  if (browser) return null;
  const problem = displayProblem(process.env, process.platform, process.getuid?.());
  if (problem !== null) return { reason: problem };
  const program = await electronProgram();
  if ('reason' in program) return program;
  const project = join(import.meta.dirname, '../..');
  return runDesktop(program.path, [project, '--workspace', workspaceFolder, ...paths]);
}

async function start(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (options.help) {
    console.log(usage);
    return;
  }
  const desktop = await tryDesktop(options);
  if (desktop !== null && 'exitCode' in desktop) {
    process.exitCode = desktop.exitCode;
    return;
  }
  if (desktop !== null) console.log(`${desktop.reason} Nidus opens in the browser instead.`);
  // Loaded only now: the desktop host brings its own copy of the application.
  const { runInBrowser } = await import('./start/browser.ts');
  await runInBrowser(options);
}

start().catch((error: unknown) => {
  const { kind, message } = toFailure(error);
  console.error(kind === 'bug' ? error : message);
  process.exitCode = 1;
});
