import { join } from 'node:path';
import { app, BrowserWindow, dialog, screen } from 'electron';
import { frontPage } from './scheme.ts';
import { readWindowState, reachableBounds, writeWindowState } from './window-state.ts';

/** The application's own background: the page is not shown before it is painted, and nothing flashes at its edges. */
const backgroundColor = '#0b0d10';

/** Opens the window where it was left. */
export function openWindow(preload: string, icon: string): BrowserWindow {
  const stateFile = join(app.getPath('userData'), 'window.json');
  const state = readWindowState(stateFile);
  const workAreas = screen.getAllDisplays().map((display) => display.workArea);
  const bounds = state === null ? null : reachableBounds(state.bounds, workAreas);

  const window = new BrowserWindow({
    ...(bounds ?? { width: 1280, height: 800 }),
    minWidth: 960,
    minHeight: 600,
    title: 'Nidus',
    icon,
    backgroundColor,
    show: false,
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      // Its dictionaries would be fetched from the network.
      spellcheck: false,
      devTools: !app.isPackaged,
    },
  });
  window.once('ready-to-show', () => {
    if (state?.maximised) window.maximize();
    window.show();
  });
  window.on('close', () => {
    writeWindowState(stateFile, { bounds: window.getNormalBounds(), maximised: window.isMaximized() });
  });
  reviveOnce(window);
  void window.loadURL(frontPage);
  return window;
}

/** A page that died is loaded again; one that dies again says why and leaves the choice to the person. */
function reviveOnce(window: BrowserWindow): void {
  let revived = false;
  window.webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
    if (reason === 'clean-exit') return;
    if (!revived) {
      revived = true;
      window.webContents.reload();
      return;
    }
    const button = dialog.showMessageBoxSync(window, {
      type: 'error',
      message: 'The window stopped again.',
      detail: `Reason: ${reason}, exit code ${exitCode}. Studies and jobs are safe: they live outside the window.`,
      buttons: ['Load it again', 'Quit'],
      cancelId: 1,
    });
    if (button === 0) window.webContents.reload();
    else app.quit();
  });
}
