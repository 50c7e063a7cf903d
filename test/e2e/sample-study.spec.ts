import { expect, test } from './fixtures.ts';

test('the first start offers sample studies, and one click leads to a map', async ({ window, client }) => {
  const samples = await client.samples.list();
  const [first] = samples;
  expect(first).toBeDefined();
  const { studies, inspect } = window;
  await expect(studies.samples).toHaveCount(samples.length);

  await studies.openSample(first!.title);
  await inspect.hasMapOf(2);
  // Not the first of the list, which is normal, but the first with something to see.
  const { studyId } = (await client.samples.list())[0]!;
  const queries = (await client.images.list({ studyId: studyId! })).filter(({ role }) => role === 'query');
  const lesion = queries.findIndex(({ label }) => label === 'abnormal');
  expect(lesion).toBeGreaterThan(0);
  await expect(inspect.position).toHaveText(`${lesion + 1} of ${first!.queries}`);

  await window.goTo('Studies');
  await expect(studies.card(first!.title)).toContainText(`${first!.normals} normal`);
  await expect(studies.samples).toHaveCount(samples.length - 1);
});
