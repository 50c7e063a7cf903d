import type { MenuItemConstructorOptions } from 'electron';
import type { SendCommand } from './commands.ts';

export interface MenuOptions {
  readonly send: SendCommand;
  readonly openWorkspaceFolder: () => void;
  readonly isMac: boolean;
  /** Developer tools are there when Nidus runs from its sources. */
  readonly fromSources: boolean;
}

/** The native menu. What is Nidus' own is a command id that the window's command palette knows too. */
export function menuTemplate({ send, openWorkspaceFolder, isMac, fromSources }: MenuOptions) {
  const command = (label: string, id: string, accelerator?: string): MenuItemConstructorOptions => ({
    label,
    click: () => send(id),
    ...(accelerator === undefined ? {} : { accelerator }),
  });
  const separator: MenuItemConstructorOptions = { type: 'separator' };

  const file: MenuItemConstructorOptions = {
    label: 'File',
    submenu: [
      command('Import images…', 'study.import', 'CmdOrCtrl+I'),
      command('Export report…', 'report.export'),
      separator,
      { label: 'Open workspace folder', click: openWorkspaceFolder },
      ...(isMac ? [] : [separator, { role: 'quit' } as const]),
    ],
  };
  const view: MenuItemConstructorOptions = {
    label: 'View',
    submenu: [
      command('Studies', 'go.studies'),
      command('Models', 'go.models'),
      command('Jobs', 'go.jobs'),
      command('Settings', 'go.settings', 'CmdOrCtrl+,'),
      separator,
      { role: 'resetZoom' },
      { role: 'zoomIn' },
      { role: 'zoomOut' },
      { role: 'togglefullscreen' },
      separator,
      command('Switch between dark and light', 'frame.theme'),
      ...(fromSources ? [separator, { role: 'reload' } as const, { role: 'toggleDevTools' } as const] : []),
    ],
  };
  const help: MenuItemConstructorOptions = {
    role: 'help',
    submenu: [command('Show the keys', 'frame.keys'), ...(isMac ? [] : [{ role: 'about' } as const])],
  };
  return [...(isMac ? [{ role: 'appMenu' } as const] : []), file, { role: 'editMenu' } as const, view, help];
}
