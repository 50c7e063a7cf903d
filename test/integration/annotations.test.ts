import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { annotationService } from '#main/annotations/annotation-service.ts';
import { readingService } from '#main/annotations/reading-service.ts';
import { studyService } from '#main/studies/study-service.ts';
import { openWorkspace } from '#main/workspace/workspace.ts';
import { emptyDocument, type PackedPatch, type Rectangle } from '#shared/annotation.ts';
import type { ImageId } from '#shared/domain.ts';
import { temporaryFolder } from '../support/temporary.ts';

const size = 32;
const reader = 'Ada';
const pack = (bytes: Uint8Array) => deflateRawSync(bytes).toString('base64');
const unpack = (text: string) => new Uint8Array(inflateRawSync(Buffer.from(text, 'base64')));

/** Sets a rectangle of the labels to a value; what the window would send for it. */
function paint(
  labels: Uint8Array,
  rectangle: Rectangle,
  value: number,
): { patch: PackedPatch; labels: string } {
  const cut = () =>
    Uint8Array.from({ length: rectangle.width * rectangle.height }, (_, i) => {
      const [x, y] = [i % rectangle.width, Math.floor(i / rectangle.width)];
      return labels[(rectangle.y + y) * size + rectangle.x + x]!;
    });
  const before = pack(cut());
  for (let y = rectangle.y; y < rectangle.y + rectangle.height; y++)
    labels.fill(value, y * size + rectangle.x, y * size + rectangle.x + rectangle.width);
  return { patch: { rectangle, before, after: pack(cut()) }, labels: pack(labels) };
}

const silent = () => undefined;

function openAt(folder: string) {
  const workspace = openWorkspace(folder);
  onTestFinished(() => workspace.close());
  const annotations = annotationService(workspace, silent);
  const readings = readingService(workspace, annotations, studyService(workspace, silent), silent);
  return { workspace, annotations, readings, close: () => workspace.close() };
}

/** A workspace with one query image whose ground truth is a mask. */
async function study() {
  const folder = await temporaryFolder();
  const services = openAt(folder);
  const studyId = services.workspace.studies.create('Phantoms');
  const truth = { kind: 'drawn', sha256: 'b'.repeat(64) } as const;
  const id = services.workspace.images.create({
    studyId,
    name: 'a.png',
    role: 'query',
    label: 'abnormal',
    split: null,
    defect: null,
    pixels: { sha256: 'a'.repeat(64), type: 'uint8', width: size, height: size, channels: 1, bits: 8 },
    statistics: { min: 0, max: 1, mean: 0.5 },
    spacing: null,
    truth,
    position: 0,
  });
  const image = services.workspace.images.get(id);
  const step = (imageId: ImageId, base: number, title: string) => ({ imageId, reader, base, title });
  return { services, workspace: folder, studyId, image, step };
}

test('steps are undone and done again over a restart, and the ground truth is never touched', async () => {
  const { services, workspace, image, step } = await study();
  const { annotations } = services;
  const labels = new Uint8Array(size * size);

  const first = paint(labels, { x: 2, y: 3, width: 5, height: 4 }, 1);
  await annotations.record({ ...step(image.id, 0, 'Brush'), document: null, pixels: first });
  const finding = {
    id: randomUUID(),
    at: { x: 3, y: 4 },
    segment: 1,
    verdict: 'confirmed',
    severity: 'major',
    comment: 'Ring-enhancing',
  } as const;
  const document = { ...emptyDocument, findings: [finding] };
  await annotations.record({ ...step(image.id, 1, 'Add finding'), document, pixels: null });
  services.close();

  const reopened = openAt(workspace);
  expect(reopened.workspace.images.get(image.id).truth).toEqual(image.truth);
  const again = reopened.annotations;
  const stored = again.get(image.id, reader);
  expect(stored).toMatchObject({
    applied: 2,
    document,
    steps: [{ title: 'Brush' }, { title: 'Add finding' }],
  });
  expect(unpack(stored.labels!)).toEqual(labels);
  expect(await again.labels(image.id, reader)).toEqual(Buffer.from(labels));

  const undone = await again.move(image.id, reader, 2, 'undo', null);
  expect(undone).toEqual({ applied: 1, document: emptyDocument });
  expect(again.patch(image.id, reader, 1)).toEqual(first.patch);
  await again.move(image.id, reader, 1, 'undo', pack(new Uint8Array(size * size)));
  await again.move(image.id, reader, 0, 'redo', first.labels);
  expect(await again.move(image.id, reader, 1, 'redo', null)).toEqual({ applied: 2, document });
  await expect(again.move(image.id, reader, 2, 'redo', null)).rejects.toThrow(/nothing to redo/);
});

test('a new step forgets what was undone, and a stale window is refused', async () => {
  const { services, image, step } = await study();
  const { annotations } = services;
  const labels = new Uint8Array(size * size);
  const whole = { x: 0, y: 0, width: size, height: size };
  await annotations.record({ ...step(image.id, 0, 'One'), document: null, pixels: paint(labels, whole, 1) });
  await annotations.record({ ...step(image.id, 1, 'Two'), document: null, pixels: paint(labels, whole, 2) });
  await annotations.move(image.id, reader, 2, 'undo', pack(labels.fill(1)));
  await annotations.record({
    ...step(image.id, 1, 'Three'),
    document: null,
    pixels: paint(labels, whole, 3),
  });
  expect(annotations.get(image.id, reader).steps.map(({ title }) => title)).toEqual(['One', 'Three']);
  await expect(
    annotations.record({ ...step(image.id, 1, 'Late'), document: null, pixels: paint(labels, whole, 4) }),
  ).rejects.toThrow(/another window/);
  expect((await annotations.labels(image.id, reader))!.every((value) => value === 3)).toBe(true);
  expect(annotations.get(image.id, 'Grace')).toMatchObject({ applied: 0, labels: null });
});

test('labels of another size are refused and leave nothing behind', async () => {
  const { services, image, step } = await study();
  const small = pack(new Uint8Array(5));
  const rectangle = { x: 0, y: 0, width: 2, height: 2 };
  const patch = { rectangle, before: pack(new Uint8Array(4)), after: pack(new Uint8Array(4)) };
  const record = (pixels: { patch: PackedPatch; labels: string }) =>
    services.annotations.record({ ...step(image.id, 0, 'Brush'), document: null, pixels });
  await expect(record({ patch, labels: small })).rejects.toThrow(/does not have the size of the image/);
  await expect(record({ patch: { ...patch, after: small }, labels: small })).rejects.toThrow(/size/);
  await expect(record({ patch, labels: 'AAAA' })).rejects.toThrow(/size/);
  const outside = { ...patch, rectangle: { ...rectangle, x: size - 1 } };
  await expect(record({ patch: outside, labels: small })).rejects.toThrow(/outside of the image/);
  expect(services.annotations.get(image.id, reader)).toMatchObject({ applied: 0, steps: [], labels: null });
});

test('a revision is kept once for one state and never changes', async () => {
  const { services, image, step } = await study();
  const { annotations } = services;
  expect(annotations.keep(image.id, reader, 'left')).toBeNull();
  const labels = new Uint8Array(size * size);
  const first = paint(labels, { x: 1, y: 1, width: 3, height: 3 }, 1);
  await annotations.record({ ...step(image.id, 0, 'Brush'), document: null, pixels: first });
  expect(annotations.keep(image.id, reader, 'left')).toMatchObject({ number: 1, reason: 'left' });
  expect(annotations.keep(image.id, reader, 'saved')).toMatchObject({ number: 1, reason: 'left' });
  const second = paint(labels, { x: 9, y: 9, width: 3, height: 3 }, 1);
  await annotations.record({ ...step(image.id, 1, 'Brush'), document: null, pixels: second });
  expect(annotations.keep(image.id, reader, 'saved')).toMatchObject({ number: 2, reason: 'saved' });
  expect(annotations.revision(image.id, reader, 1).labels).toBe(first.labels);
  expect(annotations.get(image.id, reader).revisions).toHaveLength(2);
});

test('the history is capped by steps, and what is left can be undone', async () => {
  const { services, workspace, image, step } = await study();
  const { annotations } = services;
  for (let base = 0; base < 520; base++) {
    const document = { ...emptyDocument, segments: [{ value: 1, name: `Name ${base}` }] };
    await annotations.record({ ...step(image.id, base, 'Rename'), document, pixels: null });
  }
  const { steps } = annotations.get(image.id, reader);
  expect(steps).toHaveLength(500);
  expect(steps[0]!.number).toBe(21);
  services.close();
  const db = new Database(join(workspace, 'nidus.sqlite'));
  expect(db.prepare('SELECT COUNT(*) AS count FROM annotation_step').get()).toEqual({ count: 500 });
  db.close();
});

test('a verdict changes the role where it should, and is taken back with it', async () => {
  const { services, studyId, image } = await study();
  const { readings, workspace } = services;
  const judge = (verdict: 'normal' | 'excluded' | 'reference', phase: 'open' | 'blind' = 'open') =>
    readings.record({ imageId: image.id, reader, phase, verdict, seconds: 2.5, runId: null });
  const roleNow = () => workspace.images.get(image.id).role;

  judge('normal');
  expect(roleNow()).toBe('query');
  const reference = judge('reference');
  expect(roleNow()).toBe('normal');
  readings.withdraw(reference.id);
  expect(roleNow()).toBe('query');
  expect(() => readings.withdraw(reference.id)).toThrow(/no verdict/);
  judge('excluded');
  expect(roleNow()).toBe('excluded');
  expect(readings.list(studyId).map(({ verdict }) => verdict)).toEqual(['normal', 'excluded']);
  expect(workspace.audit.isIntact()).toBe(true);
});
