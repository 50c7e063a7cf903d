import { join } from 'node:path';
import { writePhantomSet } from '../support/phantoms.ts';
import { finishedRun, importFolder } from '../support/studies.ts';
import { expect, test } from './fixtures.ts';

// Electron asks where to save, in a dialog of the system.
test(
  'the report is exported as the PDF that the preview shows',
  { tag: '@browser' },
  async ({ nidus, window, client }) => {
    const folder = join(nidus.folder, 'set');
    await writePhantomSet(folder, { normals: 2, abnormals: 3, size: 96 });
    const studyId = await importFolder(client, 'Phantoms', folder);
    const run = await finishedRun(client, studyId, { size: 128 });

    await window.studies.open('Phantoms');
    await window.showTab('Report');
    await expect(window.report.preview).toContainText('Research use only - not for diagnosis');
    const pages = await window.report.pages.count();
    await expect(window.report.pages.first()).toContainText(`Page 1 of ${pages}`);
    await expect.poll(() => window.report.darkest(0)).toBeLessThan(64);

    const { name, bytes } = await window.report.exportPdf();
    expect(name).toBe(`nidus-run-${run.id}-raw.pdf`);
    const text = bytes.toString('latin1');
    expect(text.slice(0, 5)).toBe('%PDF-');
    expect(text).toContain('Research use only - not for diagnosis');
    expect(pages).toBe(text.match(/\/Type \/Page\b/g)?.length);
    await expect(window.message('The report is saved')).toBeVisible();

    await test.step('with names hidden there are none, neither in the preview nor in the PDF', async () => {
      const image = /a\d{4}\.png/;
      await expect(window.report.preview).toContainText(image);
      await window.page.keyboard.press('Control+Shift+H');
      await expect(window.report.preview).toContainText(`Study ${studyId}`);
      await expect(window.report.preview).not.toContainText(image);
      await expect(window.report.preview).not.toContainText('Phantoms');
      const hidden = (await window.report.exportPdf()).bytes.toString('latin1');
      expect(text).toContain('Phantoms');
      expect(hidden).not.toContain('Phantoms');
      await window.showTab('Evaluate');
      await expect(window.evaluate.row(/Image \d+/).first()).toBeVisible();
      await expect(window.page.getByText(image)).toHaveCount(0);
    });
  },
);
