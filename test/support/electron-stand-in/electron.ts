/**
 * As much of Electron's main-process module as the desktop host calls. It does nothing on a screen: it keeps what it was
 * asked, and lets a test (see `driver.ts`) be the window, the network stack and the person in front of it.
 */
import { fork } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { join } from 'node:path';

type Handler = (...args: never[]) => unknown;

/** Everything the host asked for, in the words it used. */
export const asked: Record<string, unknown[]> = {};
const note = (what: string, ...args: unknown[]) => void (asked[what] ??= []).push(args);

/** What the host left here to be called later, by name. */
export const left = new Map<string, Handler>();
const leave = (name: string) => (handler: Handler) => void left.set(name, handler);

const argument = (name: string) =>
  process.argv.find((text) => text.startsWith(`--${name}=`))?.slice(name.length + 3);

class App extends EventEmitter {
  readonly isPackaged = false;
  readonly commandLine = { appendSwitch: (name: string) => note('switch', name) };
  readonly enableSandbox = () => note('sandbox');
  readonly getAppPath = () => join(import.meta.dirname, '../../..');
  readonly getPath = (name: string) => join(argument('user-data-dir') ?? '', name);
  readonly whenReady = () => Promise.resolve();

  requestSingleInstanceLock(data: unknown): boolean {
    note('lock', data);
    return argument('stand-in-lock') !== 'taken';
  }

  quit(): void {
    note('quit');
    let prevented = false;
    this.emit('will-quit', { preventDefault: () => (prevented = true) });
    if (!prevented) process.disconnect?.();
  }

  exit(code: number): void {
    process.exit(code);
  }
}

export const app = new App();

export const windows: BrowserWindow[] = [];

class WebContents extends EventEmitter {
  readonly mainFrame = { url: 'nidus://app/' };
  readonly getURL = () => this.mainFrame.url;
  readonly setWindowOpenHandler = leave('window-open');
  readonly isDestroyed = () => false;
  readonly reload = () => note('reload');
  readonly send = (...message: unknown[]) => note('send', ...message);
}

export class BrowserWindow extends EventEmitter {
  readonly webContents = new WebContents();

  constructor(options: unknown) {
    super();
    note('window', options);
    windows.push(this);
    app.emit('web-contents-created', {}, this.webContents);
  }

  readonly loadURL = async (address: string) => note('load', address);
  readonly show = () => note('show');
  readonly maximize = () => note('maximize');
  readonly focus = () => note('focus');
  readonly restore = () => note('restore');
  readonly isMinimized = () => true;
  readonly isMaximized = () => true;
  readonly isDestroyed = () => false;
  readonly getNormalBounds = () => ({ x: 40, y: 50, width: 1400, height: 900 });
  readonly setProgressBar = (share: number) => note('progress', share);
}

export const protocol = {
  registerSchemesAsPrivileged: (schemes: unknown) => note('schemes', schemes),
  handle: (scheme: string, handler: Handler) => left.set(`protocol ${scheme}`, handler),
};

class Session extends EventEmitter {
  readonly setPermissionRequestHandler = leave('permission-request');
  readonly setPermissionCheckHandler = leave('permission-check');
  readonly setDevicePermissionHandler = leave('device-permission');
  readonly webRequest = { onBeforeRequest: leave('before-request') };
}
export const session = { defaultSession: new Session() };

export const ipcMain = Object.assign(new EventEmitter(), {
  handle: (channel: string, handler: Handler) => left.set(`call ${channel}`, handler),
});

export const dialog = {
  async showOpenDialog(_window: BrowserWindow, options: unknown) {
    note('open-dialog', options);
    return { filePaths: ['/chosen/by/a/person'] };
  },
  showErrorBox: (title: string, text: string) => note('error-box', title, text),
  showMessageBoxSync(_window: BrowserWindow, options: unknown): number {
    note('message-box', options);
    return 0;
  },
};

export const Menu = {
  buildFromTemplate: (template: unknown) => template,
  setApplicationMenu: (menu: unknown) => note('menu', JSON.parse(JSON.stringify(menu))),
};

export const shell = {
  openExternal: async (address: string) => note('open-external', address),
  openPath: async (path: string) => note('open-path', path),
};

/** Reversible and unlike the text, as a key store's answer is. */
export const safeStorage = {
  isEncryptionAvailable: () => true,
  getSelectedStorageBackend: () => 'gnome_libsecret',
  encryptString: (text: string): Buffer => Buffer.from(text, 'utf8').map((byte) => byte ^ 0x5a) as Buffer,
  decryptString: (bytes: Buffer): string => Buffer.from(bytes.map((byte) => byte ^ 0x5a)).toString('utf8'),
};

export const screen = { getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }] };

export const powerSaveBlocker = {
  start(kind: string): number {
    note('keep-awake', kind);
    return 1;
  },
  stop: () => note('may-sleep'),
};

export const utilityProcess = {
  fork(entry: string, args: string[], { serviceName }: { serviceName: string }) {
    note('utility', serviceName);
    const parentPort = new URL('parent-port.ts', import.meta.url).href;
    const child = fork(entry, args, { serialization: 'advanced', execArgv: ['--import', parentPort] });
    return Object.assign(child, { postMessage: (message: object) => child.send(message) });
  },
};
