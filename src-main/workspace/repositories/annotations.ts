import {
  AnnotationDocument,
  type AnnotationStep,
  type Finding,
  type FindingVerdict,
  type Note,
  type Reader,
  type Rectangle,
  type Revision,
  type RevisionReason,
  type Segment,
  type Severity,
} from '#shared/annotation.ts';
import type { ImageId, StudyId } from '#shared/domain.ts';
import type { Measurement } from '#shared/measurement.ts';
import type { Connection } from '../database.ts';

export type AnnotationId = number & { readonly brand?: 'AnnotationId' };

interface AnnotationRow {
  id: AnnotationId;
  applied: number;
  segments: string;
  notes: string;
  measurements: string;
  labels: Buffer | null;
}

interface FindingRow {
  id: string;
  x: number;
  y: number;
  segment: number | null;
  verdict: FindingVerdict;
  severity: Severity | null;
  comment: string;
}

interface StepRow {
  x: number | null;
  y: number;
  width: number;
  height: number;
  labels_before: Buffer;
  labels_after: Buffer;
  document_before: string | null;
  document_after: string | null;
}

interface RevisionRow {
  document: string;
  labels: Buffer | null;
}

/** Label maps and parts of them as they are stored: raw deflate of uint8 samples. */
export interface StoredPatch {
  readonly rectangle: Rectangle;
  readonly before: Buffer;
  readonly after: Buffer;
}

export interface StoredAnnotation {
  readonly id: AnnotationId;
  readonly applied: number;
  readonly document: AnnotationDocument;
  readonly labels: Buffer | null;
}

export interface NewStep {
  readonly number: number;
  readonly title: string;
  readonly patch: StoredPatch | null;
  readonly document: { readonly before: AnnotationDocument; readonly after: AnnotationDocument } | null;
}

/** What undo remembers of one annotation: the newest steps, at most so many and so many bytes of pixels. */
const rememberedSteps = 500;
const rememberedBytes = 16 * 2 ** 20;

/** As it was kept, with what later versions added. */
const toDocument = (text: string): AnnotationDocument => AnnotationDocument.parse(JSON.parse(text));

const toFinding = ({ id, x, y, segment, verdict, severity, comment }: FindingRow): Finding => ({
  id,
  at: { x, y },
  segment,
  verdict,
  severity,
  comment,
});

export function annotationRepository(db: Connection) {
  const one = db.prepare<[ImageId, Reader], AnnotationRow>(
    'SELECT id, applied, segments, notes, measurements, labels FROM annotation WHERE image_id = ? AND reader = ?',
  );
  const insert = db.prepare(
    'INSERT INTO annotation (image_id, reader, segments, notes, updated_at) VALUES (?, ?, ?, ?, ?)',
  );
  const setApplied = db.prepare('UPDATE annotation SET applied = ?, updated_at = ? WHERE id = ?');
  const setLabels = db.prepare('UPDATE annotation SET labels = ? WHERE id = ?');
  const setTexts = db.prepare('UPDATE annotation SET segments = ?, notes = ?, measurements = ? WHERE id = ?');
  const drawn = db.prepare<[StudyId, Reader], { image_id: ImageId }>(`
    SELECT image_id FROM annotation JOIN image ON image.id = image_id
    WHERE study_id = ? AND reader = ? AND labels IS NOT NULL ORDER BY image.position`);

  const findings = db.prepare<[AnnotationId], FindingRow>(
    'SELECT id, x, y, segment, verdict, severity, comment FROM finding WHERE annotation_id = ? ORDER BY position',
  );
  const clearFindings = db.prepare('DELETE FROM finding WHERE annotation_id = ?');
  const addFinding = db.prepare(`
    INSERT INTO finding (annotation_id, position, id, x, y, segment, verdict, severity, comment)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`);

  const steps = db.prepare<[AnnotationId], AnnotationStep>(
    'SELECT number, title, at FROM annotation_step WHERE annotation_id = ? ORDER BY number',
  );
  const step = db.prepare<[AnnotationId, number], StepRow>(
    `SELECT x, y, width, height, labels_before, labels_after, document_before, document_after
     FROM annotation_step WHERE annotation_id = ? AND number = ?`,
  );
  const addStep = db.prepare(`
    INSERT INTO annotation_step (annotation_id, number, title, at, x, y, width, height, labels_before, labels_after,
      document_before, document_after)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  const forgetUndone = db.prepare('DELETE FROM annotation_step WHERE annotation_id = ? AND number > ?');
  const forgetOldest = db.prepare(`
    DELETE FROM annotation_step WHERE annotation_id = @id AND number IN (
      SELECT number FROM (
        SELECT number,
          ROW_NUMBER() OVER newest AS place,
          SUM(COALESCE(LENGTH(labels_before) + LENGTH(labels_after), 0)) OVER newest AS bytes
        FROM annotation_step WHERE annotation_id = @id WINDOW newest AS (ORDER BY number DESC)
      ) WHERE place > 1 AND (place > @steps OR bytes > @bytes))`);

  const revisions = db.prepare<[AnnotationId], Revision>(
    'SELECT number, at, reason FROM annotation_revision WHERE annotation_id = ? ORDER BY number',
  );
  const revision = db.prepare<[AnnotationId, number], RevisionRow>(
    'SELECT document, labels FROM annotation_revision WHERE annotation_id = ? AND number = ?',
  );
  const addRevision = db.prepare(
    'INSERT INTO annotation_revision (annotation_id, number, at, reason, document, labels) VALUES (?, ?, ?, ?, ?, ?)',
  );

  const now = () => new Date().toISOString();

  const find = (image: ImageId, reader: Reader): StoredAnnotation | undefined => {
    const row = one.get(image, reader);
    return (
      row && {
        id: row.id,
        applied: row.applied,
        document: {
          segments: JSON.parse(row.segments) as Segment[],
          findings: findings.all(row.id).map(toFinding),
          notes: JSON.parse(row.notes) as Note[],
          measurements: JSON.parse(row.measurements) as Measurement[],
        },
        labels: row.labels,
      }
    );
  };

  return {
    find,
    create(image: ImageId, reader: Reader, { segments, notes }: AnnotationDocument): AnnotationId {
      const texts = [JSON.stringify(segments), JSON.stringify(notes)] as const;
      return Number(insert.run(image, reader, ...texts, now()).lastInsertRowid);
    },
    setApplied: (id: AnnotationId, applied: number): void => void setApplied.run(applied, now(), id),
    setLabels: (id: AnnotationId, labels: Buffer): void => void setLabels.run(labels, id),
    setDocument(id: AnnotationId, document: AnnotationDocument): void {
      const { segments, notes, measurements } = document;
      setTexts.run(JSON.stringify(segments), JSON.stringify(notes), JSON.stringify(measurements), id);
      clearFindings.run(id);
      document.findings.forEach(({ id: key, at, segment, verdict, severity, comment }, position) =>
        addFinding.run(id, position, key, at.x, at.y, segment, verdict, severity, comment),
      );
    },
    /** Images with something drawn by this reader, in the order of the study. */
    drawn: (study: StudyId, reader: Reader): ImageId[] =>
      drawn.all(study, reader).map(({ image_id }) => image_id),

    steps: (id: AnnotationId): AnnotationStep[] => steps.all(id),
    step(id: AnnotationId, number: number): Omit<NewStep, 'title'> | undefined {
      const row = step.get(id, number);
      if (!row) return undefined;
      const { x, y, width, height, document_before: before, document_after: after } = row;
      return {
        number,
        patch:
          x === null
            ? null
            : { rectangle: { x, y, width, height }, before: row.labels_before, after: row.labels_after },
        document:
          before === null || after === null
            ? null
            : {
                before: toDocument(before),
                after: toDocument(after),
              },
      };
    },
    /** Puts a step on top of those before it: what had been undone from there on is forgotten, and so are the oldest. */
    addStep(id: AnnotationId, { number, title, patch, document }: NewStep): void {
      forgetUndone.run(id, number - 1);
      const { x, y, width, height } = patch?.rectangle ?? { x: null, y: null, width: null, height: null };
      const text = (side: 'before' | 'after') => (document ? JSON.stringify(document[side]) : null);
      addStep.run(
        id,
        number,
        title,
        now(),
        x,
        y,
        width,
        height,
        patch?.before ?? null,
        patch?.after ?? null,
        text('before'),
        text('after'),
      );
      forgetOldest.run({ id, steps: rememberedSteps, bytes: rememberedBytes });
    },

    revisions: (id: AnnotationId): Revision[] => revisions.all(id),
    revision(id: AnnotationId, number: number): Omit<StoredAnnotation, 'id' | 'applied'> | undefined {
      const row = revision.get(id, number);
      return row && { document: toDocument(row.document), labels: row.labels };
    },
    /** Keeps the present state, unless the last revision is the same; the revision that holds it either way. */
    keep({ id, document, labels }: StoredAnnotation, reason: RevisionReason): Revision {
      const text = JSON.stringify(document);
      const last = revisions.all(id).at(-1);
      const kept = last && revision.get(id, last.number);
      const same = kept?.document === text && (kept.labels?.equals(labels ?? empty) ?? labels === null);
      if (last && same) return last;
      const added = { number: (last?.number ?? 0) + 1, at: now(), reason };
      addRevision.run(id, added.number, added.at, reason, text, labels);
      return added;
    },
  };
}

const empty = Buffer.alloc(0);

export type AnnotationRepository = ReturnType<typeof annotationRepository>;
