import { expect, test } from 'vitest';
import { runModel } from './check-models.ts';
import { readModelFixtures } from './models.ts';

/** Outputs of the official code for tiny models of every family. */
const folders = ['dinov3', 'dinov2', 'dinov3-convnext'].map((name) => `../shared/fixtures/${name}`);

test.for(folders)('%s', async (folder, { skip }) => {
  const models = readModelFixtures(folder);
  skip(models.length === 0, `${folder} is not there`);
  for (const model of models) {
    const nothingWrong = model.cases.map(({ name }) => [name, []]);
    expect([...(await runModel(model, 'cpu'))]).toEqual(nothingWrong);
  }
});
