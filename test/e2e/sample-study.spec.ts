import { expect, test } from './fixtures.ts';

test('the first start offers sample studies, and one click leads to a map', async ({ window, client }) => {
  const samples = await client.samples.list();
  const [first] = samples;
  expect(first).toBeDefined();
  const { studies, inspect } = window;
  await expect(studies.samples).toHaveCount(samples.length);

  await studies.openSample(first!.title);
  await inspect.hasMapOf(2);
  await expect(inspect.position).toHaveText(`1 of ${first!.queries}`);

  await window.goTo('Studies');
  await expect(studies.card(first!.title)).toContainText(`${first!.normals} normal`);
  await expect(studies.samples).toHaveCount(samples.length - 1);
});
