/** The one door between the page and Electron: four calls, no Electron object passes through it. */
import { contextBridge, ipcRenderer, webUtils, type IpcRendererEvent } from 'electron';
import type { DesktopBridge } from '#shared/desktop.ts';
import { channels } from './channels.ts';

const bridge: DesktopBridge = {
  chooseFiles: () => ipcRenderer.invoke(channels.chooseFiles),
  chooseFolder: () => ipcRenderer.invoke(channels.chooseFolder),
  pathOf: (file) => webUtils.getPathForFile(file),
  onCommand(listener) {
    const receive = (_event: IpcRendererEvent, command: string, paths: string[]) => listener(command, paths);
    ipcRenderer.on(channels.command, receive);
    ipcRenderer.send(channels.listening);
    return () => void ipcRenderer.off(channels.command, receive);
  },
};

contextBridge.exposeInMainWorld('nidusDesktop', bridge);
