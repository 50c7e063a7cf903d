/**
 * Desktop host: one window on the application, which is a fetch handler behind `nidus://app`.
 * The parts that are Electron's own live in `electron/`; what they refuse and why is docs/security.md.
 */
import { join, resolve } from 'node:path';
import { app, dialog, Menu, protocol, session, shell } from 'electron';
import { z } from 'zod';
import { createApp } from '#main/app.ts';
import { utilityEngine } from '#main/engine/spawn-utility.ts';
import { toFailure } from '#shared/errors.ts';
import { channels } from '../../src-preload/channels.ts';
import { showActivity } from './electron/activity.ts';
import { answer, commandsTo } from './electron/commands.ts';
import { lockDownPages, lockDownSession } from './electron/lockdown.ts';
import { menuTemplate } from './electron/menu.ts';
import { scheme, serveScheme } from './electron/scheme.ts';
import { startArguments } from './electron/start-arguments.ts';
import { tokenInKeyStore } from './electron/token.ts';
import { openWindow } from './electron/window.ts';
import { exitCodes } from './exit-codes.ts';

/** This file is bundled to out/main: everything it needs is found from there. */
const built = (path: string) => resolve(import.meta.dirname, path);

function stop(error: unknown): void {
  const { kind, message } = toFailure(error);
  console.error(kind === 'bug' ? error : message);
  dialog.showErrorBox('Nidus cannot go on', message);
  app.exit(exitCodes.saidWhy);
}
process.once('uncaughtException', stop);
process.once('unhandledRejection', stop);

protocol.registerSchemesAsPrivileged([scheme]);
app.enableSandbox();
// Takes effect only where no GPU can be used: the viewer needs WebGL2, and the page runs no code but its own.
app.commandLine.appendSwitch('enable-unsafe-swiftshader');
lockDownPages();

const start = startArguments(process.argv.slice(app.isPackaged ? 1 : 2), process.cwd(), app.getAppPath());
if (app.requestSingleInstanceLock({ paths: start.paths })) {
  app.whenReady().then(open).catch(stop);
} else {
  app.quit();
}

const closingTime = 10_000;

/** What a second start hands to the first before it ends. */
const StartedAgain = z.object({ paths: z.array(z.string()) });

async function open(): Promise<void> {
  lockDownSession(session.defaultSession);
  const nidus = await createApp({
    workspaceFolder: start.workspaceFolder,
    host: 'desktop',
    rendererFolder: built('../renderer'),
    installation: built('../..'),
    spawnEngine: utilityEngine(built('engine.js')),
    token: tokenInKeyStore(join(app.getPath('userData'), 'hub-token')),
  });
  serveScheme(nidus);

  const window = openWindow(built('../preload/bridge.cjs'), built('../../resources/icons/nidus-256.png'));
  const send = commandsTo(window);
  const choose = async (properties: ('openFile' | 'openDirectory' | 'multiSelections')[]) =>
    (await dialog.showOpenDialog(window, { properties })).filePaths;
  answer(channels.chooseFiles, () => choose(['openFile', 'multiSelections']));
  answer(channels.chooseFolder, () => choose(['openDirectory']));

  const menu = menuTemplate({
    send,
    openWorkspaceFolder: () => void shell.openPath(start.workspaceFolder),
    isMac: process.platform === 'darwin',
    fromSources: !app.isPackaged,
  });
  Menu.setApplicationMenu(Menu.buildFromTemplate(menu));
  const ended = new AbortController();
  void showActivity(nidus.services.events.stream(ended.signal), window);

  const importPaths = (paths: readonly string[]) => {
    if (paths.length > 0) send('import.paths', paths);
  };
  importPaths(start.paths);
  app.on('second-instance', (_event, _argv, _folder, data) => {
    if (window.isMinimized()) window.restore();
    window.focus();
    importPaths(StartedAgain.parse(data).paths);
  });
  // The window is gone by then, so nobody is left to ask; the workspace is closed before the process is.
  app.once('will-quit', (event) => {
    event.preventDefault();
    ended.abort();
    // Without a window nobody could end a process that hangs; the workspace survives being left open.
    setTimeout(() => app.exit(), closingTime).unref();
    void nidus.close().then(() => app.quit(), stop);
  });
  app.on('window-all-closed', () => app.quit());
}
