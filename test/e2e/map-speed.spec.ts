import { join } from 'node:path';
import { writePhantomSet } from '../support/phantoms.ts';
import { importFolder } from '../support/studies.ts';
import { expect, test } from './fixtures.ts';

test('another K gives another map at 448 x 448, and how long that takes is measured', async ({
  nidus,
  window,
  client,
}) => {
  const { page, inspect } = window;
  const folder = join(nidus.folder, 'set');
  await writePhantomSet(folder, { normals: 2, abnormals: 1, size: 448 });
  await importFolder(client, 'Phantoms', folder);
  await window.studies.open('Phantoms');
  await inspect.hasMapOf(2);

  for (const clusters of [3, 4, 5, 6, 7]) {
    await page.keyboard.press('.');
    await inspect.hasMapOf(clusters);
  }
  const measured = () =>
    page.evaluate(() => performance.getEntriesByName('inspect:map').map(({ duration }) => duration));
  await expect.poll(async () => (await measured()).length).toBe(5);

  const durations = (await measured()).sort((a, b) => a - b);
  test.info().annotations.push({
    type: 'inspect:map',
    description: `${durations[2]!.toFixed(0)} ms from the key to the map (median of 5, up to ${durations[4]!.toFixed(0)} ms)`,
  });
});
