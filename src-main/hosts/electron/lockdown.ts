/** What a page may never do here, refused for every page there will ever be. Numbers: docs/security.md. */
import { app, shell, type Session, type WebContents } from 'electron';
import { externalAddress } from './external-links.ts';
import { isOwnAddress } from './scheme.ts';

/** Copying figures and tables as text. Everything else a page can ask for is refused. */
const grantedPermissions = new Set(['clipboard-sanitized-write']);

/** Beside the application itself, what a page makes in its own memory, and the developer tools when run from sources. */
const localSchemes = new Set(['blob:', 'data:', 'devtools:']);

export function lockDownSession(session: Session): void {
  const granted = (permission: string, origin: string) =>
    grantedPermissions.has(permission) && isOwnAddress(origin);
  session.setPermissionRequestHandler((contents, permission, answer) =>
    answer(granted(permission, contents.getURL())),
  );
  session.setPermissionCheckHandler((_contents, permission, origin) => granted(permission, origin));
  session.setDevicePermissionHandler(() => false);
  // The page needs no network at all, so it has none: whatever slipped past the policy still goes nowhere.
  session.webRequest.onBeforeRequest(({ url }, answer) => {
    answer({ cancel: !isOwnAddress(url) && !localSchemes.has(URL.parse(url)?.protocol ?? '') });
  });
  session.on('will-download', (event, item) => {
    const source = item.getURL().replace(/^blob:/, '');
    if (isOwnAddress(source)) item.setSaveDialogOptions({ defaultPath: item.getFilename() });
    else event.preventDefault();
  });
}

/** Applies to windows that do not exist yet, too. */
export function lockDownPages(): void {
  app.on('web-contents-created', (_event, contents) => lockDownPage(contents));
}

function lockDownPage(contents: WebContents): void {
  const stay = (event: { preventDefault(): void; readonly url: string }) => {
    if (!isOwnAddress(event.url)) event.preventDefault();
  };
  contents.on('will-navigate', stay);
  contents.on('will-redirect', stay);
  contents.on('will-frame-navigate', (event) => {
    if (!event.isMainFrame) event.preventDefault();
  });
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    const address = externalAddress(url);
    if (address !== null) void shell.openExternal(address);
    return { action: 'deny' };
  });
}
