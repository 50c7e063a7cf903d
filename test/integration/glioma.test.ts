/** Real MR slices with real lesions through the command line; skipped where the folder is missing. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { installation } from '#main/installation.ts';
import { parseCsv } from '../support/csv.ts';
import { temporaryFolder } from '../support/temporary.ts';

const folder = join(installation, '../shared/data/brain/glioma_flair');
const present = existsSync(folder);
const note = present ? '' : ' (skipped: ../shared/data is missing)';

test.skipIf(!present)(
  `AnomalyDINO, full-shot without rotation, finds gliomas with scatter16${note}`,
  { timeout: 240_000 },
  async () => {
    const scratch = await temporaryFolder();
    const nidus = async (...parameters: string[]) => {
      const { stdout } = await promisify(execFile)(process.execPath, [
        join(installation, 'resources', 'bin', 'nidus.js'),
        ...parameters,
        '--json',
        '--workspace',
        join(scratch, 'workspace'),
      ]);
      return JSON.parse(stdout) as Record<string, unknown>;
    };
    await nidus('import', folder, '--study', 'Glioma');
    const run = await nidus('run', '--study', 'Glioma', '--method', 'anomaly-dino');
    expect(run).toMatchObject({ scored: 50, failed: 0, references: 57 });

    const table = join(scratch, 'table.csv');
    const { pixel, image } = (await nidus('evaluate', '--run', '1', '--table', table)) as {
      pixel: { auroc: number; ap: number };
      image: { auroc: number };
    };
    expect(pixel.auroc).toBeGreaterThanOrEqual(0.99);
    expect(pixel.ap).toBeGreaterThanOrEqual(0.7);
    expect(image.auroc).toBeGreaterThan(0.8);

    const [first, ...rest] = parseCsv(await readFile(table, 'utf8'));
    expect(rest).toHaveLength(49);
    expect(first).toMatchObject({ method: 'anomaly-dino', model: 'scatter16', references: '57' });
    expect(first?.['parameters']).toContain('rotate=false');
    expect(Number(first?.['pixel_threshold'])).toBeGreaterThan(0);
    expect(rest.some((row) => Number(row['hd95_raw']) > 0)).toBe(true);
  },
);
