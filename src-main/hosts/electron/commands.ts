import { ipcMain, type BrowserWindow, type IpcMainEvent, type IpcMainInvokeEvent } from 'electron';
import { channels } from '../../../src-preload/channels.ts';
import { isOwnAddress } from './scheme.ts';

/** Only the application's own page, in its main frame, may call. */
function isOwnPage({ senderFrame, sender }: IpcMainEvent | IpcMainInvokeEvent): boolean {
  return senderFrame !== null && senderFrame === sender.mainFrame && isOwnAddress(senderFrame.url);
}

/** Answers one call of the bridge; anybody else's call is an error at the caller. */
export function answer<T>(channel: string, work: () => Promise<T>): void {
  ipcMain.handle(channel, (event) => {
    if (!isOwnPage(event)) throw new Error(`${channel} is not for this page.`);
    return work();
  });
}

export type SendCommand = (command: string, paths?: readonly string[]) => void;

/** Carries commands of the menu, and paths Nidus was started with, to the page; they wait until it listens. */
export function commandsTo(window: BrowserWindow): SendCommand {
  const { webContents } = window;
  let waiting: [command: string, paths: readonly string[]][] | null = [];
  const send: SendCommand = (command, paths = []) => {
    if (waiting !== null) waiting.push([command, paths]);
    else if (!webContents.isDestroyed()) webContents.send(channels.command, command, paths);
  };
  ipcMain.on(channels.listening, (event) => {
    if (!isOwnPage(event)) return;
    const kept = waiting ?? [];
    waiting = null;
    for (const [command, paths] of kept) send(command, paths);
  });
  // A page that is loaded anew has no listener for a while.
  webContents.on('did-start-navigation', ({ isMainFrame, isSameDocument }) => {
    if (isMainFrame && !isSameDocument) waiting ??= [];
  });
  return send;
}
