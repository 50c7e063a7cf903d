import { join } from 'node:path';
import { views } from '#shared/routes.ts';
import { writePhantomSet } from '../support/phantoms.ts';
import { finishedRun, importFolder } from '../support/studies.ts';
import { expect, test } from './fixtures.ts';

/** Shared on purpose: what they do depends on what is unfinished, and the innermost answers. */
const sharedKeys = new Set([
  'escape',
  'enter',
  'backspace',
  'arrowup',
  'arrowdown',
  'arrowleft',
  'arrowright',
]);

test('no two commands of a view start with the same keys', async ({ nidus, window, client }) => {
  const { page, inspect, triage } = window;
  const folder = join(nidus.folder, 'set');
  await writePhantomSet(folder, { normals: 2, abnormals: 2, size: 96 });
  const studyId = await importFolder(client, 'Phantoms', folder);
  await finishedRun(client, studyId, { size: 128 });

  const places: readonly (readonly [string, () => Promise<void>])[] = [
    [views.study(studyId, 'images'), () => expect(window.images.all).toHaveCount(4)],
    [views.study(studyId, 'references'), () => expect(window.references.runButton).toBeVisible()],
    [views.study(studyId, 'inspect'), () => inspect.hasMapOf(2)],
    [views.study(studyId, 'evaluate'), () => expect(window.evaluate.histograms).toHaveCount(1)],
    [views.study(studyId, 'report'), () => expect(window.report.preview).toBeVisible()],
    [views.study(studyId, 'triage'), () => expect(triage.progress).toContainText('of')],
  ];
  for (const [address, isThere] of places) {
    await page.evaluate(() => localStorage.removeItem('nidus.commands'));
    await page.goto(new URL(address, page.url()).href);
    await isThere();
    const offered = () =>
      page.evaluate((): { id: string; keys: string[] }[] =>
        Object.values(JSON.parse(localStorage.getItem('nidus.commands') ?? '{}').commands ?? {}),
      );
    await expect.poll(async () => (await offered()).length, { message: address }).toBeGreaterThan(5);
    const holders = Map.groupBy(
      (await offered()).flatMap(({ id, keys }) => keys.map((key) => ({ id, key: key.toLowerCase() }))),
      ({ key }) => key,
    );
    const clashes = [...holders]
      .filter(([key, held]) => held.length > 1 && !sharedKeys.has(key))
      .map(([key, held]) => `${key}: ${held.map(({ id }) => id).join(', ')}`);
    expect(clashes, address).toEqual([]);
  }
});

test('a key is given to another command, and who had it is named', async ({ nidus, window, client }) => {
  const { page, inspect } = window;
  const { keyboard } = page;
  const folder = join(nidus.folder, 'set');
  await writePhantomSet(folder, { normals: 2, abnormals: 2, size: 96 });
  await importFolder(client, 'Phantoms', folder);
  await window.studies.open('Phantoms');
  await inspect.hasMapOf(2);
  await expect
    .poll(() => page.evaluate(() => localStorage.getItem('nidus.commands')))
    .toContain('inspect.more');

  const keys = page.getByRole('region', { name: 'Keys' });
  const row = (label: string) =>
    keys.getByRole('listitem').filter({ has: page.getByText(label, { exact: true }) });
  await window.goTo('Settings');

  await test.step('a key that is taken is refused until it is taken away', async () => {
    await row('More clusters').getByRole('button', { name: 'Change' }).click();
    await keyboard.press(',');
    await expect(row('More clusters').getByRole('alert')).toContainText('Fewer clusters');
    await row('More clusters').getByRole('button', { name: 'Leave it there' }).click();
    await expect(row('More clusters')).toContainText('.');
    await row('More clusters').getByRole('button', { name: 'Change' }).click();
    await keyboard.press(',');
    await row('More clusters').getByRole('button', { name: 'Use it here instead' }).click();
    await expect(row('Fewer clusters')).toContainText('no key');
  });

  await test.step('a free key is taken at once, Escape takes none, and typing stays typing', async () => {
    await row('Fewer clusters').getByRole('button', { name: 'Change' }).click();
    await keyboard.press('Escape');
    await expect(row('Fewer clusters')).toContainText('no key');
    await row('Fewer clusters').getByRole('button', { name: 'Change' }).click();
    await keyboard.press('Alt+q');
    await expect(row('Fewer clusters')).toContainText('Q');
    const search = keys.getByRole('searchbox', { name: 'Find a command' });
    await search.fill('more clusters');
    await search.press('?');
    await expect(search).toHaveValue('more clusters?');
    await expect(page.getByRole('dialog')).toHaveCount(0);
  });

  await test.step('the new keys hold in the view, after a restart of the window', async () => {
    await page.reload();
    await window.goTo('Studies');
    await window.studies.open('Phantoms');
    await inspect.hasMapOf(2);
    await keyboard.press('.');
    await keyboard.press(',');
    await inspect.hasMapOf(3);
    await keyboard.press('Alt+q');
    await inspect.hasMapOf(2);
    await keyboard.press('?');
    await expect(page.getByRole('dialog', { name: 'Keys' })).toContainText('More clusters');
  });
});
