import { join } from 'node:path';
import { writePhantomSet } from '../support/phantoms.ts';
import { importFolder } from '../support/studies.ts';
import { expect, test } from './fixtures.ts';

test('from the studies to a verdict without a mouse', async ({ nidus, window, client }) => {
  const { page, inspect, palette } = window;
  const { keyboard } = page;
  const folder = join(nidus.folder, 'set');
  await writePhantomSet(folder, { normals: 2, abnormals: 3, size: 96 });
  await importFolder(client, 'Phantoms', folder);

  await test.step('Tab and Enter open the study', async () => {
    const card = window.studies.link('Phantoms');
    await expect(card).toBeVisible();
    for (let presses = 0; presses < 20; presses++) {
      await keyboard.press('Tab');
      if (await card.evaluate((element) => element === document.activeElement)) break;
    }
    await expect(card).toBeFocused();
    await keyboard.press('Enter');
    await inspect.hasMapOf(2);
  });

  await test.step('arrows change the image', async () => {
    await expect(inspect.position).toHaveText('1 of 3');
    await keyboard.press('ArrowDown');
    await keyboard.press('ArrowRight');
    await expect(inspect.position).toHaveText('3 of 3');
    await keyboard.press('ArrowUp');
    await expect(inspect.position).toHaveText('2 of 3');
    await keyboard.press('Home');
    await expect(inspect.position).toHaveText('1 of 3');
  });

  await test.step('comma and point change K', async () => {
    await keyboard.press('.');
    await inspect.hasMapOf(3);
    await keyboard.press(',');
    await inspect.hasMapOf(2);
  });

  await test.step('G hides the map while it is held', async () => {
    const shown = await inspect.stamp('Anomaly map');
    await keyboard.down('g');
    await expect.poll(() => inspect.stamp('Anomaly map')).not.toBe(shown);
    await keyboard.up('g');
    await expect.poll(() => inspect.stamp('Anomaly map')).toBe(shown);
  });

  await test.step('Tab gives the images the room', async () => {
    await keyboard.press('Tab');
    await expect(inspect.queue).toBeHidden();
    await expect(inspect.panel).toBeHidden();
    await keyboard.press('Tab');
    await expect(inspect.queue).toBeVisible();
  });

  await test.step('F6 reaches the settings, and keys mean nothing while typing', async () => {
    await expect(inspect.threshold).toBeVisible();
    await inspect.threshold.focus();
    const before = await inspect.position.innerText();
    for (const key of [',', '.', 's', 'p', '[', 'ArrowLeft', '?']) await keyboard.press(key);
    await keyboard.press('Escape');
    await keyboard.press('F6');
    await expect(inspect.threshold).not.toBeFocused();
    await expect(inspect.position).toHaveText(before);
    await expect(inspect.clusters).toHaveValue('2');
    await expect(inspect.queue).toBeVisible();
    await expect(page.getByRole('dialog')).toHaveCount(0);
  });

  await test.step('the palette finds views and studies', async () => {
    await palette.run('show images');
    await expect(window.images.grid).toBeVisible();
    await window.images.search.focus();
    await keyboard.type('nqe?gs');
    await expect(window.images.search).toHaveValue('nqe?gs');
    await expect(page).toHaveURL(/images$/);
    await palette.run('phantoms');
    await inspect.hasMapOf(2);
  });

  await test.step('the key sheet opens and closes', async () => {
    await keyboard.press('?');
    await expect(page.getByRole('dialog', { name: 'Keys' })).toContainText('Fewer clusters');
    await keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
  });
});
