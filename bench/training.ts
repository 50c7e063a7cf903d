/**
 * `npm run bench -- train`: one batch of AD-DINOv3's adapters, 64 images x 4 levels x 1024 patches x 1024 dimensions, features
 * read from disk as a training reads them, loss at 512 x 512. Each row in a process of its own, so that memory is its own.
 */
import { fork } from 'node:child_process';
import { allThreads, gemmRate } from './gemm.ts';
import { median, printTable } from './table.ts';

/** What a process measured. */
export interface TrainingTimes {
  readonly seconds: readonly number[];
  readonly readSeconds: number;
  readonly adamSeconds: number;
  readonly checkpointSeconds: number;
  readonly megabytes: number;
}

export const forms = ['folded', 'plain'] as const;
export type Form = (typeof forms)[number];

/** Matrix work of a batch in each form. */
const work: Readonly<Record<Form, number>> = { folded: 344, plain: 585 };

export async function benchTraining(): Promise<void> {
  for (const form of forms) {
    const { seconds, readSeconds, adamSeconds, checkpointSeconds, megabytes } = await measured(form);
    const floor = work[form] / (await gemmRate(allThreads));
    printTable(
      `AD-DINOv3 training, ${form} form: a batch of 64 images x 4 levels x 1024 patches x 1024 dimensions`,
      [
        {
          what: 'batch, features from disk',
          value: median(seconds),
          unit: 's',
          note: `of ${seconds.length}`,
        },
        {
          what: 'over its matrix work alone',
          value: median(seconds) / floor,
          unit: 'times',
          note: `${work[form]} GFLOP at the rate of one large product take ${floor.toFixed(1)} s here, now`,
        },
        { what: 'of it reading and widening', value: readSeconds, unit: 's' },
        { what: 'step of Adam', value: adamSeconds, unit: 's' },
        { what: 'checkpoint', value: checkpointSeconds, unit: 's' },
        { what: 'peak memory', value: megabytes, unit: 'MB' },
      ],
    );
  }
}

function measured(form: Form): Promise<TrainingTimes> {
  const child = fork(new URL('training-once.ts', import.meta.url), [form]);
  return new Promise((resolve, reject) => {
    child.on('message', (message) => resolve(message as TrainingTimes));
    child.on('exit', (code) => code !== 0 && reject(new Error(`The process ended with ${code}.`)));
  });
}
