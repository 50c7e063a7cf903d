import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { views } from '#shared/routes.ts';
import { writePhantomSet } from '../support/phantoms.ts';
import { finishedRun, importFolder } from '../support/studies.ts';
import { expect, test } from './fixtures.ts';

/** Of the rules, those that another theme can break. */
const ofColours = ['color-contrast', 'link-in-text-block'];

test(
  'no view has a serious barrier in either theme',
  { tag: '@browser' },
  async ({ nidus, window, client }) => {
    test.slow();
    const { page } = window;
    const folder = join(nidus.folder, 'set');
    await writePhantomSet(folder, { normals: 3, abnormals: 3, size: 96 });
    const studyId = await importFolder(client, 'Phantoms', folder);
    await finishedRun(client, studyId, { size: 128, k: 3 });
    await finishedRun(client, studyId, { size: 128 });

    const places: readonly (readonly [string, () => Promise<void>])[] = [
      [views.studies(), () => expect(window.studies.card('Phantoms')).toBeVisible()],
      [views.study(studyId, 'images'), () => expect(window.images.all).toHaveCount(6)],
      [views.study(studyId, 'references'), () => expect(window.references.runButton).toBeVisible()],
      [views.study(studyId, 'inspect'), () => window.inspect.hasMapOf(2)],
      [views.study(studyId, 'inspect'), askEverything],
      [views.study(studyId, 'triage'), () => expect(window.triage.progress).toContainText('of')],
      [views.study(studyId, 'evaluate'), () => expect(window.evaluate.histograms).toHaveCount(1)],
      [views.study(studyId, 'evaluate'), () => window.evaluate.compareWith(/^Run 1/)],
      [views.study(studyId, 'evaluate'), () => window.evaluate.showProtocols()],
      [views.study(studyId, 'report'), () => expect(window.report.preview).toBeVisible()],
      [views.models(), () => expect(page.getByRole('heading', { name: 'Models' })).toBeVisible()],
      [views.jobs(), () => expect(window.jobs.group('Finished').first()).toBeVisible()],
      [views.settings(), () => expect(page.getByText('The hash chain is whole')).toBeVisible()],
    ];
    const dialogs: readonly (readonly [string, string])[] = [
      ['the palette', 'ControlOrMeta+k'],
      ['the key sheet', '?'],
      ['the import', 'ControlOrMeta+i'],
    ];

    /** All that Inspect can show at once: an explanation, the strip of settings, and the annotation with marks. */
    async function askEverything(): Promise<void> {
      await window.inspect.hasMapOf(2);
      await window.inspect.canvas('Query').focus();
      await page.keyboard.press('Shift+y');
      await expect(page.getByText(/Patch \d+, \d+: score/)).toBeVisible();
      await page.keyboard.press('Shift+b');
      await expect(page.getByRole('button', { name: /^K 8\b.*0\./ })).toBeVisible();
      await page.keyboard.press('b');
      await window.annotation.tool('Brush').waitFor();
      await page.keyboard.press('Shift+T');
      await window.annotation.isSaved();
    }

    const found: string[] = [];
    async function check(what: string): Promise<void> {
      await report(what, new AxeBuilder({ page }));
      await wear('light');
      await report(`${what}, light`, new AxeBuilder({ page }).withRules(ofColours));
      await wear('dark');
    }
    async function report(what: string, axe: AxeBuilder): Promise<void> {
      const { violations } = await axe.analyze();
      for (const { id, impact, help, nodes } of violations) {
        if (impact !== 'serious' && impact !== 'critical') continue;
        const where = nodes.map(({ target }) => target.join(' ')).slice(0, 3);
        found.push(`${what}: ${impact} ${id} (${help}) at ${where.join(' | ')}`);
      }
    }
    /** Every colour comes from the theme's tokens, so there is no need to open the view again. */
    const wear = (theme: 'dark' | 'light') =>
      page.evaluate(async (theme) => {
        document.documentElement.dataset['theme'] = theme;
        const changes = document.getAnimations().filter((one) => one instanceof CSSTransition);
        await Promise.allSettled(changes.map(({ finished }) => finished));
      }, theme);

    await page.evaluate(() => localStorage.setItem('nidus.theme', 'dark'));
    for (const [address, isThere] of places) {
      await page.goto(new URL(address, page.url()).href);
      await isThere();
      await check(address);
    }
    for (const [what, keys] of dialogs) {
      await page.keyboard.press(keys);
      await expect(page.getByRole('dialog')).toBeVisible();
      await check(what);
      await page.keyboard.press('Escape');
      await expect(page.getByRole('dialog')).toHaveCount(0);
    }
    expect(found).toEqual([]);
  },
);
