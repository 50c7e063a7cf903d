/** The far end of `desktop.ts`: lets the test in the parent process do what a page, a person or the system would do. */
import { app, asked, ipcMain, left, session, windows, type BrowserWindow } from './electron.ts';

type Event = Record<string, unknown> & { prevented: boolean; preventDefault(): void };

function event(details: object = {}): Event {
  return Object.assign(
    {
      prevented: false,
      preventDefault(this: Event) {
        this.prevented = true;
      },
    },
    details,
  );
}

function call(name: string, ...args: unknown[]): unknown {
  const handler = left.get(name) as ((...args: unknown[]) => unknown) | undefined;
  if (handler === undefined) throw new Error(`The host left no handler for ${name}.`);
  return handler(...args);
}

const contents = () => (windows[0] as BrowserWindow).webContents;

/** A caller of the bridge: the page itself unless told otherwise. */
function caller(url: string, inFrame: boolean) {
  contents().mainFrame.url = url;
  return { sender: contents(), senderFrame: inFrame ? { url } : contents().mainFrame };
}

const actions = {
  asked: () => asked,
  async fetch(url: string, init: RequestInit = {}) {
    const response = (await call('protocol nidus', new Request(url, init))) as Response;
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: await response.text(),
    };
  },
  /** Whether the page may go there. */
  pageEvent(name: string, details: object) {
    const happening = event(details);
    contents().emit(name, happening, details);
    return happening.prevented;
  },
  windowEvent: (name: string) => void windows[0]?.emit(name, event()),
  appEvent: (name: string, ...args: unknown[]) => void app.emit(name, event(), ...args),
  open: (url: string) => call('window-open', { url }),
  permission: (permission: string) => [
    new Promise((resolve) => call('permission-request', contents(), permission, resolve)),
    call('permission-check', contents(), permission, contents().getURL()),
    call('device-permission', {}),
  ],
  beforeRequest: (url: string) =>
    new Promise((resolve) => call('before-request', { url }, (answer: unknown) => resolve(answer))),
  download(url: string) {
    const happening = event();
    session.defaultSession.emit('will-download', happening, {
      getURL: () => url,
      getFilename: () => 'report.pdf',
      setSaveDialogOptions: () => {},
    });
    return happening.prevented;
  },
  invoke: (channel: string, url: string, inFrame = false) => call(`call ${channel}`, caller(url, inFrame)),
  message: (channel: string, url: string, inFrame = false) =>
    void ipcMain.emit(channel, caller(url, inFrame)),
} satisfies Record<string, (...args: never[]) => unknown>;

export type Actions = typeof actions;

export interface Order {
  readonly id: number;
  readonly action: keyof Actions;
  readonly args: readonly unknown[];
}

process.on('message', async ({ id, action, args }: Order) => {
  try {
    const run = actions[action] as (...args: readonly unknown[]) => unknown;
    const value = await run(...args);
    process.send?.({ id, value: Array.isArray(value) ? await Promise.all(value) : value });
  } catch (error) {
    process.send?.({ id, error: String(error) });
  }
});
