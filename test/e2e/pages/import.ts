import type { Locator, Page } from '@playwright/test';

/** The dialog that brings images in, from the choice to the summary. */
export class ImportDialog {
  readonly #page: Page;
  readonly dialog: Locator;
  constructor(page: Page) {
    this.#page = page;
    this.dialog = page.getByRole('dialog');
  }

  /** Names a file or folder on the machine Nidus runs on, and looks what is there. */
  async lookAt(path: string): Promise<void> {
    await this.dialog.getByLabel('Or a path on the machine Nidus runs on').fill(path);
    await this.dialog.getByRole('button', { name: 'Look' }).click();
  }

  /** Drops files and folders of this machine on the window, as a file manager does. */
  async drop(paths: readonly string[]): Promise<void> {
    const session = await this.#page.context().newCDPSession(this.#page);
    const data = { items: [], files: [...paths], dragOperationsMask: 1 };
    for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
      await session.send('Input.dispatchDragEvent', { type, x: 400, y: 300, data });
    }
    await session.detach();
  }

  get studyName(): Locator {
    return this.dialog.getByLabel('Study name');
  }

  get layout(): Locator {
    return this.dialog.getByLabel('Folder layout');
  }

  /** The box beside a DICOM series or a volume. */
  series(title: string): Locator {
    return this.dialog.getByRole('checkbox', { name: title });
  }

  get deidentified(): Locator {
    return this.dialog.getByRole('switch', { name: 'Remove names and identifiers' });
  }

  /** Disabled where the files can only be copied. */
  get linkChoice(): Locator {
    return this.dialog.getByRole('radio', { name: 'Link in place' });
  }

  async start(): Promise<void> {
    await this.dialog.getByRole('button', { name: /^Import \d/ }).click();
  }

  get finished(): Locator {
    return this.dialog.getByText('Finished', { exact: true });
  }

  /** What could not be imported: a row a file, with its reason. */
  failure(file: string): Locator {
    return this.dialog
      .getByRole('row')
      .filter({ has: this.#page.getByRole('rowheader', { name: file, exact: true }) });
  }

  async inspect(): Promise<void> {
    await this.dialog.getByRole('button', { name: 'Inspect' }).click();
  }

  async showImages(): Promise<void> {
    await this.dialog.getByRole('button', { name: 'Show the images' }).click();
  }
}
