import { countText } from '../../text/format.ts';

/** What a drop or a file dialog brings: paths where the host knows them, files to upload where it does not. */

export interface PickedFile {
  readonly file: File;
  /** With the folders it was dropped in, e.g. `brain/test/good/1.png`. */
  readonly path: string;
}

export type Picked =
  | { readonly kind: 'paths'; readonly paths: readonly string[] }
  | { readonly kind: 'files'; readonly files: readonly PickedFile[] };

const hidden = (path: string) => path.split('/').some((part) => part.startsWith('.') || part === 'Thumbs.db');

function readBatch(reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> {
  return new Promise((resolve, reject) => reader.readEntries(resolve, reject));
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}

async function filesBelow(entry: FileSystemEntry): Promise<PickedFile[]> {
  const path = entry.fullPath.replace(/^\//, '');
  if (hidden(path)) return [];
  if (entry.isFile) return [{ file: await fileOf(entry as FileSystemFileEntry), path }];
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: PickedFile[] = [];
  // A reader hands out at most a hundred entries at a time.
  for (;;) {
    const batch = await readBatch(reader);
    if (batch.length === 0) return found;
    for (const child of batch) found.push(...(await filesBelow(child)));
  }
}

/** Must be called inside the drop event itself: the browser empties the transfer afterwards. */
export function pickedFromDrop(transfer: DataTransfer): Promise<Picked> {
  const desktop = window.nidusDesktop;
  if (desktop !== undefined) {
    const paths = [...transfer.files].map((file) => desktop.pathOf(file)).filter((path) => path !== '');
    return Promise.resolve({ kind: 'paths', paths });
  }
  const items = [...transfer.items].map((item) => ({
    entry: item.webkitGetAsEntry(),
    file: item.getAsFile(),
  }));
  return Promise.all(
    items.map(({ entry, file }) => {
      if (entry !== null) return filesBelow(entry);
      return file === null ? [] : [{ file, path: file.name }];
    }),
  ).then((files) => ({ kind: 'files', files: files.flat() }));
}

/** From `<input type="file">`; a folder input gives relative paths. */
export function pickedFromInput(list: FileList): Picked {
  const files = [...list].map((file) => ({
    file,
    path: file.webkitRelativePath === '' ? file.name : file.webkitRelativePath,
  }));
  return { kind: 'files', files: files.filter(({ path }) => !hidden(path)) };
}

/**
 * What to import of an upload folder: the dropped folders themselves, so that their layout is seen,
 * or the whole upload when loose files are among them.
 */
export function uploadedPaths(folder: string, files: readonly PickedFile[]): string[] {
  const tops = new Set(files.map(({ path }) => path.split('/')[0] ?? path));
  const loose = files.some(({ path }) => !path.includes('/'));
  return loose ? [folder] : [...tops].map((top) => `${folder}/${top}`);
}

/** What was picked, in the words of whoever picked it. */
export function sourceText(picked: Picked): string {
  if (picked.kind === 'files') {
    const tops = [...new Set(picked.files.map(({ path }) => path.split('/')[0] ?? path))];
    const named = tops.length === 1 ? tops[0] : `${tops[0]} and ${tops.length - 1} more`;
    return `${named}, ${countText(picked.files.length, 'file')}`;
  }
  const [first = '', ...more] = picked.paths;
  return more.length === 0 ? first : `${first} and ${more.length} more`;
}

/** A name for the study from what was picked: the last folder's, or a plain one. */
export function suggestedName(picked: Picked): string {
  const [first = ''] =
    picked.kind === 'paths'
      ? picked.paths
      : picked.files.map(({ path }) => (path.includes('/') ? path.split('/')[0]! : ''));
  const name = first.split(/[\\/]/).findLast((part) => part !== '') ?? '';
  const only = picked.kind === 'paths' && picked.paths.length === 1;
  const file = /\.[a-z0-9]{1,5}(\.gz)?$/i.exec(name);
  if (name === '' || (file !== null && !only)) return 'Imported images';
  return name.slice(0, file?.index ?? name.length).replaceAll('_', ' ');
}
