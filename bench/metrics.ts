/** Pooled figures of a large test set beside scikit-learn on the same maps; each in a process of its own. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { printTable, type Row } from './table.ts';

/** Of 240 x 240 pixels; the brain test set of BMAD. */
const maps = 3075;
/** scikit-learn sorts float64 copies of all pixels: more maps than this need more memory than most machines have. */
const comparedMaps = 300;

interface Measured {
  readonly seconds: number;
  readonly frocSeconds: number;
  readonly megabytes: number;
  readonly auroc: number;
  readonly ap: number;
  readonly f1Max: number;
}

const ours = async (count: number, file: string | null): Promise<Measured> => {
  const { stdout } = await promisify(execFile)(process.execPath, [
    join(import.meta.dirname, 'metrics-once.ts'),
    String(count),
    ...(file === null ? [] : [file]),
  ]);
  return JSON.parse(stdout) as Measured;
};

/** Reads what `metrics-once.ts` wrote: float32 scores and uint8 labels. */
const script = `
import json, resource, sys, time
import numpy as np
from sklearn.metrics import average_precision_score, precision_recall_curve, roc_auc_score
scores = np.fromfile(sys.argv[1] + '.scores', np.float32)
labels = np.fromfile(sys.argv[1] + '.labels', np.uint8)
began = time.process_time()
auroc = roc_auc_score(labels, scores)
ap = average_precision_score(labels, scores)
precision, recall, _ = precision_recall_curve(labels, scores)
f1 = np.nanmax(2 * precision * recall / np.maximum(precision + recall, 1e-300))
seconds = time.process_time() - began
print(json.dumps(dict(seconds=seconds, megabytes=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, auroc=float(auroc), ap=float(ap), f1Max=float(f1))))
`;

async function theirs(file: string): Promise<Omit<Measured, 'frocSeconds'> | null> {
  try {
    const { stdout } = await promisify(execFile)('/usr/bin/python3', ['-c', script, file]);
    return JSON.parse(stdout) as Omit<Measured, 'frocSeconds'>;
  } catch {
    return null;
  }
}

export async function benchMetrics(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'nidus-bench-'));
  try {
    const file = join(folder, 'maps');
    const large = await ours(maps, null);
    const small = await ours(comparedMaps, file);
    const python = await theirs(file);
    const rows: Row[] = [
      {
        what: `${maps} maps of 240 x 240, all pixel figures`,
        value: large.seconds,
        unit: 's',
        note: 'AUROC, AP, F1-max, AUPRO and curves; time of the processor',
      },
      {
        what: 'FROC of the same maps',
        value: (1000 * large.frocSeconds) / maps,
        unit: 'ms',
        note: 'an image',
      },
      { what: 'peak memory', value: large.megabytes, unit: 'MB', note: 'goal: below 1000' },
      { what: `${comparedMaps} maps`, value: small.seconds, unit: 's' },
    ];
    if (python) {
      const difference = Math.max(
        Math.abs(small.auroc - python.auroc),
        Math.abs(small.ap - python.ap),
        Math.abs(small.f1Max - python.f1Max),
      );
      rows.push(
        {
          what: `${comparedMaps} maps, scikit-learn`,
          value: python.seconds,
          unit: 's',
          note: `AUROC, AP and F1-max only; largest difference ${difference.toExponential(1)}`,
        },
        {
          what: 'ratio',
          value: python.seconds / small.seconds,
          unit: 'times',
          note: 'faster than scikit-learn; goal: 5',
        },
        {
          what: 'peak memory, scikit-learn',
          value: python.megabytes,
          unit: 'MB',
          note: `${comparedMaps} maps`,
        },
      );
    }
    printTable('Metrics', rows);
    if (!python) console.log('  scikit-learn is not here (Debian: python3-sklearn), so there is no ratio.');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
