import { basename, dirname, isAbsolute, join } from 'node:path';
import { z } from 'zod';
import { type Label, Role, type Split } from '#shared/domain.ts';
import { Failure } from '#shared/errors.ts';
import { nameBelow } from './names.ts';
import type { PlannedImage } from './planned.ts';
import { readTable, type TableRow } from './table.ts';

/** What a column may be called; the first name is the one the documents use. */
const columns = {
  image: ['image', 'path', 'file', 'filename', 'image_path'],
  mask: ['mask', 'mask_path', 'ground_truth'],
  label: ['label', 'class'],
  role: ['role'],
  split: ['split', 'set'],
  defect: ['defect', 'defect_type', 'anomaly_type'],
  patient: ['patient', 'subject', 'lot', 'group'],
} as const;
type Column = keyof typeof columns;

const labels = new Map<string, Label>(
  Object.entries({
    normal: 'normal',
    good: 'normal',
    ok: 'normal',
    '0': 'normal',
    abnormal: 'abnormal',
    anomaly: 'abnormal',
    anomalous: 'abnormal',
    bad: 'abnormal',
    ng: 'abnormal',
    '1': 'abnormal',
    unknown: 'unknown',
  } as const),
);
const splits = new Map<string, Split>(
  Object.entries({
    train: 'train',
    valid: 'valid',
    val: 'valid',
    validation: 'valid',
    test: 'test',
  } as const),
);

/** Whether a file is a manifest as far as its name tells. */
export const isManifestName = (path: string): boolean => /\.(csv|tsv)$/i.test(path);

/**
 * A CSV manifest: a line an image, with the columns image (required), mask, label, role, split, defect and patient.
 * Paths are relative to the manifest. Without a role, normal training images become references and the rest queries.
 *
 * @throws Failure('unreadable') naming the line and the value that means nothing.
 */
export async function planManifest(file: string, role: 'normal' | 'query'): Promise<PlannedImage[]> {
  const rows = await readTable(file);
  if (rows[0] && !columns.image.some((name) => name in rows[0]!.cells)) {
    throw new Failure('unreadable', `${basename(file)}: the column "image" is missing.`);
  }
  return rows.map((row) => planRow(file, row, role));
}

function planRow(file: string, row: TableRow, roleByDefault: 'normal' | 'query'): PlannedImage {
  const cell = (column: Column): string => {
    for (const name of columns[column]) if (row.cells[name]) return row.cells[name];
    return '';
  };
  const refuse = (column: Column, allowed: string): never => {
    throw new Failure(
      'unreadable',
      `${basename(file)}, line ${row.line}: ${column} "${cell(column)}" is none of ${allowed}.`,
    );
  };
  const folder = dirname(file);
  const absolute = (path: string) => (isAbsolute(path) ? path : join(folder, path));
  if (cell('image') === '')
    throw new Failure('unreadable', `${basename(file)}, line ${row.line}: the image is missing.`);

  const path = absolute(cell('image'));
  const mask = cell('mask');
  const said = cell('label').toLowerCase();
  const label =
    said === ''
      ? mask === ''
        ? 'unknown'
        : 'abnormal'
      : (labels.get(said) ?? refuse('label', 'normal, abnormal, unknown'));
  const splitText = cell('split').toLowerCase();
  const split = splitText === '' ? null : (splits.get(splitText) ?? refuse('split', 'train, valid, test'));
  const roleText = cell('role').toLowerCase();
  const asked =
    roleText === '' ? null : (z.safeParse(Role, roleText).data ?? refuse('role', Role.options.join(', ')));
  const role = asked ?? roleOf(split, label) ?? roleByDefault;
  const isNormal = label === 'normal';
  return {
    path,
    name: path.startsWith(folder) ? nameBelow(folder, path) : basename(path).normalize('NFC'),
    role,
    label,
    split,
    defect: cell('defect') === '' ? null : cell('defect'),
    patient: cell('patient') === '' ? null : cell('patient'),
    maskPaths: mask === '' || isNormal ? [] : [absolute(mask)],
    mask: isNormal ? 'empty' : mask === '' ? 'unknown' : 'file',
  };
}

/** A lesion among the training images must never become a reference. */
function roleOf(split: Split | null, label: Label): Role | null {
  if (split === 'train') return label === 'abnormal' ? 'excluded' : 'normal';
  if (split === 'valid') return 'excluded';
  return split === 'test' ? 'query' : null;
}
