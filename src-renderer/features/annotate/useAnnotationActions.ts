/** What is done to a whole annotation at once, each as one step. */
import type { Finding, Note, Rectangle } from '#shared/annotation.ts';
import type { ScoreMap } from '#shared/arrays.ts';
import type { StudyImage } from '#shared/domain.ts';
import { Failure } from '#shared/errors.ts';
import { clearLabel, copyLabels, withSegmentsOf } from '../../annotation/copy.ts';
import { putFinding, putNote, removeSegment } from '../../annotation/document.ts';
import type { LabelMap } from '../../annotation/label-map.ts';
import { drawingPen } from '../../annotation/pen.ts';
import { fillHoles, markThreshold, smooth } from '../../annotation/regions.ts';
import { openAnnotation } from '../../annotation/session.ts';
import type { Point } from '../../annotation/shapes.ts';
import { client } from '../../api/client.ts';
import { useReader } from '../../stores/reader.ts';
import { shortName } from '../../text/names.ts';
import { useDrawingSettings } from './settings.ts';
import type { UsedAnnotation } from './useAnnotation.ts';

const smoothingRadius = 2;

export interface AnnotationActions {
  fillHoles(): void;
  smooth(): void;
  clearSegment(): void;
  removeSegment(segment: number): void;
  /** Marks where a map is at or above the threshold. */
  markThreshold(map: ScoreMap, threshold: number): void;
  /** Draws the same on another image of the same size, where nothing is drawn yet. */
  copyTo(image: StudyImage): Promise<void>;
  /** Puts a finding on a point and returns its id. */
  addFinding(at: Point): string;
  addNote(at: Point, text: string): void;
}

export function useAnnotationActions(annotation: UsedAnnotation): AnnotationActions {
  const settings = useDrawingSettings();
  const reader = useReader();

  const present = () => {
    const open = annotation.open.value;
    if (open === null) throw new Failure('invalid', 'No annotation is open.');
    return open;
  };

  function stroke(title: string, work: (labels: LabelMap) => Rectangle | null): void {
    const { session } = present();
    session.easel.begin();
    session.easel.draw(work);
    session.add(title, session.easel.commit());
  }

  return {
    fillHoles: () => stroke('Fill holes', (labels) => fillHoles(labels, annotation.segment.value)),
    smooth: () => stroke('Smooth', (labels) => smooth(labels, annotation.segment.value, smoothingRadius)),
    clearSegment: () => stroke('Clear segment', (labels) => clearLabel(labels, annotation.segment.value)),
    removeSegment(segment) {
      const { session } = present();
      const next = removeSegment(session.state().document, segment);
      session.easel.begin();
      session.easel.draw((labels) => clearLabel(labels, segment));
      session.add('Remove segment', session.easel.commit(), next);
      if (annotation.segment.value === segment) annotation.segment.value = next.segments[0]?.value ?? 1;
    },
    markThreshold(map, threshold) {
      const pen = drawingPen(annotation.segment.value, settings.keepOthers);
      stroke('From the anomaly map', (labels) =>
        markThreshold(labels, pen, map, threshold, settings.smallest),
      );
    },
    async copyTo(image) {
      const { session, image: from } = present();
      const { width, height } = image.pixels;
      if (width !== from.pixels.width || height !== from.pixels.height) {
        const sizes = `${from.pixels.width} x ${from.pixels.height} and ${width} x ${height} pixels`;
        throw new Failure('invalid', `${shortName(image.name)} has another size: ${sizes}.`);
      }
      const other = await openAnnotation(client.annotations, { id: image.id, width, height }, reader.name, {
        changed: () => undefined,
        touched: () => undefined,
      });
      other.easel.begin();
      other.easel.draw((labels) => copyLabels(session.easel.labels, labels));
      const document = withSegmentsOf(other.state().document, session.state().document) ?? undefined;
      other.add(`Copy from ${shortName(from.name)}`.slice(0, 80), other.easel.commit(), document);
      await other.saved();
    },
    addFinding([x, y]) {
      const { session } = present();
      const { labels } = session.easel;
      const inside = x >= 0 && y >= 0 && x < labels.width && y < labels.height;
      const label = inside ? labels.data[Math.floor(y) * labels.width + Math.floor(x)]! : 0;
      const finding: Finding = {
        id: crypto.randomUUID(),
        at: { x, y },
        segment: label === 0 ? null : label,
        verdict: 'unsure',
        severity: null,
        comment: '',
      };
      annotation.change('Add finding', putFinding(session.state().document, finding));
      return finding.id;
    },
    addNote([x, y], text) {
      const note: Note = { id: crypto.randomUUID(), at: { x, y }, text };
      annotation.change('Add note', putNote(present().session.state().document, note));
    },
  };
}
