/** A study read by keyboard alone, and read blind: what was said and drawn before the map and after it are both kept. */
import { join } from 'node:path';
import { writePhantomSet } from '../support/phantoms.ts';
import { finishedRun, importFolder } from '../support/studies.ts';
import { expect, test } from './fixtures.ts';

const size = 96;

test('a verdict by key, one image after the other, and all of it taken back', async ({
  nidus,
  window,
  client,
}) => {
  test.slow();
  const { page, triage, annotation } = window;
  const { keyboard } = page;
  const folder = join(nidus.folder, 'set');
  await writePhantomSet(folder, { normals: 3, abnormals: 6, size });
  const studyId = await importFolder(client, 'Phantoms', folder);
  const run = await finishedRun(client, studyId, { size: 128 });
  const ranked = (await client.runs.results({ id: run.id }))
    .flatMap(({ imageId, outcome }) =>
      outcome.state === 'scored' ? [{ imageId, score: outcome.imageScore }] : [],
    )
    .sort((a, b) => b.score - a.score);
  const verdicts = async () =>
    (await client.readings.list({ studyId })).map(({ imageId, phase, verdict }) => [imageId, phase, verdict]);
  const roleOf = async (id: number) =>
    (await client.images.list({ studyId })).find((image) => image.id === id)?.role;

  await window.studies.open('Phantoms');
  await expect(window.inspect.queue).toBeVisible();
  await keyboard.press('Alt+6');
  await expect(triage.progress).toHaveText('0 of 6 read');
  await expect(triage.current).toHaveAccessibleName(/^Image 1:/);

  await test.step('verdicts go on by themselves, in the order of the scores', async () => {
    for (const [i, key] of ['2', '1', '3', 'x', 's'].entries()) {
      await keyboard.press(key);
      await expect(triage.progress).toContainText(`${i + 1} of 6 read`);
      await expect(triage.current).toHaveAccessibleName(new RegExp(`^Image ${i + 2}:`));
    }
    await expect(triage.progress).toContainText('a minute');
    expect(await verdicts()).toEqual(
      ['anomalous', 'normal', 'unsure', 'excluded', 'reference'].map((verdict, i) => [
        ranked[i]!.imageId,
        'open',
        verdict,
      ]),
    );
    expect(await roleOf(ranked[3]!.imageId)).toBe('excluded');
    expect(await roleOf(ranked[4]!.imageId)).toBe('normal');
  });

  await test.step('U takes the last one back, with the role it gave', async () => {
    await keyboard.press('u');
    await expect(triage.current).toHaveAccessibleName(/^Image 5:/);
    await keyboard.press('u');
    await expect(triage.current).toHaveAccessibleName(/^Image 4:/);
    await expect(triage.progress).toContainText('3 of 6 read');
    await expect.poll(() => roleOf(ranked[3]!.imageId)).toBe('query');
    expect(await roleOf(ranked[4]!.imageId)).toBe('query');
  });

  await test.step('verdicts are seen where images are listed', async () => {
    await keyboard.press('Escape');
    await expect(window.inspect.queue.locator('svg.verdict.anomalous')).toHaveCount(1);
    await window.showTab('Images');
    await page.getByRole('group', { name: 'Verdict' }).getByRole('button', { name: 'Unsure' }).click();
    await expect(window.images.all).toHaveCount(1);
    const response = await page.evaluate(async (id) => (await fetch(`/readings/${id}.csv`)).text(), studyId);
    expect(response.trimEnd().split('\r\n')).toHaveLength(4);
    expect(response).toMatch(/anomalous/);
  });

  await test.step('a blind reader sees the map only after a verdict or a mark', async () => {
    await keyboard.press('Alt+6');
    await triage.blind.check();
    // Some of these images were read with the map already, and their readers are told so.
    await expect(triage.stage).toContainText(/Blind|not blind/);
    await expect(triage.current).toHaveAccessibleName(/^Image 1:/);
    await keyboard.press('b');
    await annotation.isSaved();
    const place = await annotation.placeOf(triage.canvas, size);
    await annotation.drag(place.toPage(30, 40), place.toPage(60, 40));
    await annotation.isSaved();
    const blind = await triage.stamp();
    await keyboard.press('Enter');
    await expect(triage.stage).toContainText('revealed');
    await expect.poll(() => triage.stamp()).not.toBe(blind);
    await annotation.drag(place.toPage(30, 60), place.toPage(60, 60));
    await annotation.isSaved();
    await keyboard.press('2');
    await expect(triage.current).toHaveAccessibleName(/^Image 2:/);
    await keyboard.press('1');
    await expect(triage.stage).toContainText('revealed');
    await keyboard.press('2');
    await expect(triage.current).toHaveAccessibleName(/^Image 3:/);
  });

  await test.step('both stages are kept with their marks, and compared', async () => {
    const blind = (await client.readings.list({ studyId })).filter(({ phase }) => phase !== 'open');
    expect(blind.map(({ phase, verdict }) => [phase, verdict])).toEqual([
      ['blind', null],
      ['revealed', 'anomalous'],
      ['blind', 'normal'],
      ['revealed', 'anomalous'],
    ]);
    const [first, second] = blind;
    expect(second!.revision).toBeGreaterThan(first!.revision!);
    await page.getByRole('button', { name: 'Summary' }).click();
    await expect(triage.summary).toContainText('2 images read blind');
    await expect(triage.summary).toContainText('1 of 1 verdicts changed');
    const agreement = await client.readings.agreement({ studyId, reader: 'Reader 1', runId: run.id });
    const between = (a: string, b: string) => agreement.pairs.find((pair) => pair.a === a && pair.b === b)!;
    expect(between('blind', 'revealed').dice.mean).toBeGreaterThan(0);
    expect(between('blind', 'revealed').dice.mean).toBeLessThan(1);
    expect(between('revealed', 'truth').kappa.images).toBe(2);
    expect(agreement.detection.machine.lesions).toBe(2);
  });
});
