/** What is drawn is what is stored, bit for bit; undo goes back through it, over a restart of the window too. */
import { join } from 'node:path';
import { routes } from '#shared/routes.ts';
import { emptyLabels } from '../../src-renderer/annotation/label-map.ts';
import { drawingPen, erasingPen } from '../../src-renderer/annotation/pen.ts';
import { fillCapsule, fillPolygon } from '../../src-renderer/annotation/shapes.ts';
import { writePhantomSet } from '../support/phantoms.ts';
import { importFolder } from '../support/studies.ts';
import { expect, test } from './fixtures.ts';

const size = 96;
const radius = 6;

test('marks are drawn, undone, done again and kept', async ({ nidus, window, client }) => {
  test.slow();
  const { page, inspect, annotation } = window;
  const { keyboard } = page;
  const folder = join(nidus.folder, 'set');
  await writePhantomSet(folder, { normals: 2, abnormals: 2, size });
  const studyId = await importFolder(client, 'Phantoms', folder);
  const images = (await client.images.list({ studyId })).filter(({ role }) => role === 'query');
  const [image, next] = images.sort((a, b) => a.name.localeCompare(b.name));
  const truth = () =>
    page.evaluate(
      async (path) => [...new Uint8Array(await (await fetch(path)).arrayBuffer())],
      routes.mask(image!.id),
    );
  const served = async () => (await annotation.labels(image!.id)) ?? new Uint8Array();
  const applied = async () =>
    (await client.annotations.get({ imageId: image!.id, reader: 'Reader 1' })).applied;
  const expected = emptyLabels(size, size);
  const holds = (labels: { data: Uint8Array }) =>
    expect.poll(served, { message: 'the stored labels' }).toEqual(labels.data);

  await window.studies.open('Phantoms');
  await inspect.hasMapOf(2);
  await expect(inspect.position).toHaveText('1 of 2');
  const imported = await truth();
  const place = await annotation.placeOf(inspect.canvas('Query'), size);
  const drag = async (from: readonly [number, number], to: readonly [number, number]) => {
    const [a, b] = [place.toPage(...from), place.toPage(...to)];
    await annotation.drag(a, b);
    return [place.toImage(...a), place.toImage(...b)] as const;
  };

  await test.step('the brush leaves its strokes and the eraser takes them', async () => {
    await keyboard.press('b');
    await expect(annotation.panel).toBeVisible();
    await expect(annotation.tool('Brush')).toHaveAttribute('aria-pressed', 'true');
    const before = await inspect.stamp('Query');
    const stroke = await drag([20, 30], [70, 52]);
    fillCapsule(expected, drawingPen(1, true), ...stroke, radius);
    await holds(expected);
    expect(await inspect.stamp('Query')).not.toBe(before);
    await keyboard.press('e');
    const erased = await drag([40, 20], [45, 70]);
    fillCapsule(expected, erasingPen(1, true), ...erased, radius);
    await holds(expected);
  });

  const brushed = expected.data.slice();
  await test.step('a polygon is closed by Enter', async () => {
    await keyboard.press('o');
    const corners: readonly (readonly [number, number])[] = [
      [60, 60],
      [85, 62],
      [72, 88],
    ];
    const outline: (readonly [number, number])[] = [];
    for (const corner of corners) {
      const at = place.toPage(...corner);
      await page.mouse.click(...at);
      outline.push(place.toImage(...at));
    }
    await keyboard.press('Enter');
    fillPolygon(expected, drawingPen(1, true), outline);
    await holds(expected);
    expect(await truth()).toEqual(imported);
  });

  await test.step('undo and redo, on another layout and after the window was opened anew', async () => {
    await keyboard.press('Escape');
    await window.showTab('Images');
    await window.showTab('Inspect');
    await inspect.hasMapOf(2);
    await annotation.open();
    await keyboard.press('ControlOrMeta+z');
    await holds({ data: brushed });
    await page.reload();
    await inspect.hasMapOf(2);
    await annotation.open();
    for (const left of [1, 0]) {
      await keyboard.press('ControlOrMeta+z');
      await expect.poll(applied).toBe(left);
    }
    await holds(emptyLabels(size, size));
    for (const done of [1, 2, 3]) {
      await keyboard.press('ControlOrMeta+Shift+z');
      await expect.poll(applied).toBe(done);
    }
    await holds(expected);
  });

  await test.step('the keyboard draws as well', async () => {
    // The cursor begins where the pointer is, or else in the middle.
    await page.mouse.move(1, 1);
    await keyboard.press('b');
    await keyboard.press('Shift+K');
    const at = [size / 2 + 0.5, size / 2 + 0.5] as const;
    await keyboard.press('Space');
    await keyboard.press('Shift+ArrowRight');
    await keyboard.press('ArrowUp');
    await keyboard.press('Space');
    const pen = drawingPen(1, true);
    const [right, up] = [
      [at[0] + 10, at[1]],
      [at[0] + 10, at[1] - 1],
    ] as const;
    fillCapsule(expected, pen, at, right, radius);
    fillCapsule(expected, pen, right, up, radius);
    await holds(expected);
    await keyboard.press('Shift+K');
    await keyboard.press('Escape');
  });

  await test.step('the next image takes over what is drawn', async () => {
    await keyboard.press('Shift+C');
    await expect(inspect.position).toHaveText('2 of 2');
    await expect.poll(() => annotation.labels(next!.id)).toEqual(expected.data);
    await keyboard.press('ArrowUp');
    await expect(inspect.position).toHaveText('1 of 2');
    await holds(expected);
    await annotation.isSaved();
    await expect(annotation.panel.getByRole('button', { name: /^Draw what is above/ })).toBeEnabled();
  });

  await test.step('the anomaly map becomes a mark', async () => {
    const marked = (labels: Uint8Array) => labels.filter((label) => label > 0).length;
    const before = marked(await served());
    await keyboard.press('Shift+T');
    await expect.poll(async () => marked(await served())).toBeGreaterThan(before);
    await keyboard.press('ControlOrMeta+z');
    await holds(expected);
  });

  await test.step('a finding has a verdict, a severity and a comment, and stays', async () => {
    await keyboard.press('j');
    await page.mouse.click(...place.toPage(30, 34));
    const finding = annotation.findings();
    await expect(finding).toHaveCount(1);
    await finding.getByRole('radio', { name: 'Confirmed' }).check();
    await finding.getByRole('combobox', { name: 'Severity' }).selectOption({ label: 'Major' });
    await finding.getByRole('textbox', { name: /^Comment/ }).fill('Ring-enhancing');
    await finding.getByRole('textbox', { name: /^Comment/ }).blur();
    await expect(finding).toContainText('Confirmed, major, Ring-enhancing');
    await annotation.isSaved();
    const stored = await client.annotations.get({ imageId: image!.id, reader: 'Reader 1' });
    expect(stored.document.findings).toMatchObject([
      { verdict: 'confirmed', severity: 'major', comment: 'Ring-enhancing', segment: 1 },
    ]);
    expect(stored.revisions.length).toBeGreaterThan(0);
    expect(await truth()).toEqual(imported);
  });

  await test.step('a lasso draws another segment, and leaves the first alone', async () => {
    await annotation.panel.getByRole('button', { name: 'Add segment' }).click();
    await expect(annotation.panel.getByRole('radio', { name: 'Draw Segment 2' })).toBeChecked();
    await inspect.canvas('Query').focus();
    await keyboard.press('l');
    const corners = (
      [
        [10, 20],
        [44, 24],
        [14, 60],
      ] as const
    ).map(([x, y]) => place.toPage(x, y));
    await page.mouse.move(...corners[0]!);
    await page.mouse.down();
    for (const corner of corners.slice(1)) await page.mouse.move(...corner);
    await page.mouse.up();
    const outline = corners.map((corner) => place.toImage(...corner));
    fillPolygon(expected, drawingPen(2, true), outline);
    await holds(expected);
  });

  await test.step('flood fill marks what is alike, holes are filled, and edges smoothed', async () => {
    const marked = async () => (await served()).filter((label) => label > 0).length;
    await keyboard.press('h');
    const [before, steps] = [await marked(), await applied()];
    // The background, which is all of one value.
    await page.mouse.click(...place.toPage(4, 70));
    await expect.poll(marked).toBeGreaterThan(before);
    await keyboard.press('Shift+H');
    await keyboard.press('Shift+S');
    await expect.poll(applied).toBeGreaterThan(steps + 1);
    await annotation.isSaved();
    for (let left = (await applied()) - 1; left >= steps; left--) {
      await keyboard.press('ControlOrMeta+z');
      await expect.poll(applied).toBe(left);
    }
    await holds(expected);
  });

  await test.step('a note and a length are kept beside the marks', async () => {
    await keyboard.press('n');
    await page.mouse.click(...place.toPage(80, 20));
    const text = annotation.panel.getByRole('textbox', { name: 'Text of the note' });
    await text.fill('Compare with the study of May');
    await text.press('Enter');
    await expect(annotation.panel.getByRole('list', { name: 'Notes' })).toContainText('the study of May');
    await inspect.canvas('Query').focus();
    await keyboard.press('d');
    await drag([10, 80], [40, 80]);
    await expect(annotation.panel.getByRole('list', { name: 'Measurements' })).toContainText(
      /(29|30)\.\d px/,
    );
    await annotation.isSaved();
    const { document } = await client.annotations.get({ imageId: image!.id, reader: 'Reader 1' });
    expect(document.notes).toMatchObject([{ text: 'Compare with the study of May' }]);
    expect(document.measurements).toMatchObject([{ kind: 'length' }]);
  });

  await test.step('the map is judged against what was drawn', async () => {
    const imported = await inspect.stamp('Difference');
    await annotation.panel.getByRole('radio', { name: 'My annotation' }).check();
    await expect(inspect.pane('Difference')).toContainText('My annotation');
    await expect.poll(() => inspect.stamp('Difference')).not.toBe(imported);
    await annotation.panel.getByRole('radio', { name: 'Imported mask' }).check();
    await expect.poll(() => inspect.stamp('Difference')).toBe(imported);
  });

  await test.step('a revision is gone back to, and that can be undone', async () => {
    await inspect.canvas('Query').focus();
    await keyboard.press('ControlOrMeta+s');
    const kept = async () =>
      (await client.annotations.get({ imageId: image!.id, reader: 'Reader 1' })).revisions.at(-1)?.reason;
    await expect.poll(kept).toBe('saved');
    const saved = { data: expected.data.slice() };
    await keyboard.press('b');
    fillCapsule(expected, drawingPen(2, true), ...(await drag([60, 10], [90, 12])), radius);
    await holds(expected);
    await annotation.panel.getByRole('button', { name: 'Revisions' }).click();
    await page
      .getByRole('menuitem', { name: /, saved$/ })
      .first()
      .click();
    await holds(saved);
    await inspect.canvas('Query').focus();
    await keyboard.press('ControlOrMeta+z');
    await holds(expected);
    expect(await truth()).toEqual(imported);
  });
});
