/**
 * What is truly Electron's, as the window sees it: `window.nidusDesktop`, absent in the browser host.
 * The renderer has a fallback for every call.
 */
export interface DesktopBridge {
  /** Native dialog; resolves to chosen paths, empty when dismissed. */
  chooseFiles(): Promise<string[]>;
  chooseFolder(): Promise<string[]>;
  /** Absolute path of a dropped file or folder. */
  pathOf(file: File): string;
  /** Commands of the native menu, by command id. `paths` comes with `import.paths` alone: what Nidus was started with. */
  onCommand(listener: (command: string, paths: readonly string[]) => void): () => void;
}

declare global {
  interface Window {
    readonly nidusDesktop?: DesktopBridge;
  }
}
