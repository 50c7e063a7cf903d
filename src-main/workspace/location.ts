import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** Where the workspace is unless told otherwise: the same place for the window and the command line. */
export function defaultWorkspace(env: NodeJS.ProcessEnv = process.env): string {
  if (env['NIDUS_WORKSPACE']) return resolve(env['NIDUS_WORKSPACE']);
  switch (process.platform) {
    case 'win32':
      return join(env['APPDATA'] ?? join(homedir(), 'AppData', 'Roaming'), 'Nidus', 'workspace');
    case 'darwin':
      return join(homedir(), 'Library', 'Application Support', 'Nidus', 'workspace');
    default:
      return join(env['XDG_DATA_HOME'] ?? join(homedir(), '.local', 'share'), 'nidus');
  }
}
