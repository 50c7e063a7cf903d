import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { defaultWorkspace } from '#main/workspace/location.ts';

export interface StartArguments {
  readonly workspaceFolder: string;
  /** Files and folders to import, absolute. */
  readonly paths: readonly string[];
}

/**
 * Reads the command line of the desktop host. Switches meant for Electron and Chromium are mixed in and passed over.
 *
 * @param ownPath where the application itself lies: some starters name it among the arguments, and it is nothing to import.
 */
export function startArguments(argv: readonly string[], folder: string, ownPath: string): StartArguments {
  const { values, positionals } = parseArgs({
    args: [...argv],
    options: { workspace: { type: 'string' } },
    strict: false,
    allowPositionals: true,
  });
  return {
    workspaceFolder:
      typeof values.workspace === 'string' ? resolve(folder, values.workspace) : defaultWorkspace(),
    paths: positionals.map((path) => resolve(folder, path)).filter((path) => path !== ownPath),
  };
}
