import { basename } from 'node:path';
import type { Role } from '#shared/domain.ts';
import { nameBelow } from './names.ts';
import type { PlannedImage } from './planned.ts';
import type { FolderReader } from './reader.ts';

/** All images in a plain folder and the folders in it; nothing is known of them but the role they are given. */
export async function planFolder(reader: FolderReader, root: string, role: Role): Promise<PlannedImage[]> {
  const paths = await reader.walk(root);
  return paths.map((path) => unlabelled(path, nameBelow(root, path), role));
}

/** A file chosen by itself is an image whatever its name. */
export function planFile(path: string, role: Role): PlannedImage {
  return unlabelled(path, basename(path).normalize('NFC'), role);
}

function unlabelled(path: string, name: string, role: Role): PlannedImage {
  return { path, name, role, label: 'unknown', split: null, defect: null, maskPath: null, mask: 'unknown' };
}
