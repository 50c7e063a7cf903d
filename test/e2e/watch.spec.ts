/** A folder that is watched from the window: what arrives appears, what fails is told, and names can be hidden. */
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writePhantomSet } from '../support/phantoms.ts';
import { importFolder } from '../support/studies.ts';
import { expect, test } from './fixtures.ts';
import { WatchDialog } from './pages/watch.ts';

test('images that arrive in a watched folder appear in the study', async ({ nidus, window, client }) => {
  const { images, page } = window;
  const watch = new WatchDialog(page);
  const source = join(nidus.folder, 'source');
  await writePhantomSet(source, { normals: 3, abnormals: 2, size: 64 });
  const picture = (index: number) => join(source, 'test', 'Ungood', 'img', `a000${index}.png`);
  const inbox = join(nidus.folder, 'inbox');
  await mkdir(inbox);
  await importFolder(client, 'Line 4', join(source, 'train', 'good'));
  await window.studies.open('Line 4');
  await window.showTab('Images');
  await expect(images.all).toHaveCount(3);

  await test.step('what is no folder is refused in words', async () => {
    await watch.open();
    await watch.watch(join(nidus.folder, 'nowhere'), 'Import as queries');
    await expect(watch.dialog.getByText(/nowhere is not a folder\.$/)).toBeVisible();
  });

  await test.step('what arrives is imported, and what cannot be read is told', async () => {
    await watch.watch(inbox, 'Import as queries');
    await expect(watch.folders).toHaveCount(1);
    await copyFile(picture(0), join(inbox, 'part-1.png'));
    await writeFile(join(inbox, 'note.png'), 'no picture');
    await expect(watch.folders).toContainText('1 image imported', { timeout: 30_000 });
    await expect(watch.folders).toContainText('note.png: it is a text file, not an image');
  });

  await test.step('no name is on the screen while names are hidden', async () => {
    await page.keyboard.press('Control+Shift+H');
    await expect(watch.folders).toContainText('it is a text file, not an image');
    await expect(page.getByText(/note\.png|part-1|inbox/)).toHaveCount(0);
    await page.keyboard.press('Control+Shift+H');
    await expect(watch.folders).toContainText('note.png');
  });

  await test.step('a paused folder is left alone, and one that is removed is gone', async () => {
    await watch.press('Pause');
    await expect(watch.folders).toContainText('paused');
    await copyFile(picture(1), join(inbox, 'part-2.png'));
    await watch.press('Watch');
    await expect(watch.folders).toContainText('2 images imported', { timeout: 30_000 });
    await watch.press('Stop watching');
    await expect(watch.folders).toHaveCount(0);
    await watch.close();
    await expect(images.all).toHaveCount(5);
  });
});
