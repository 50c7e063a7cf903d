import { Circle, Pipette, Ruler, Square, TriangleRight } from '@lucide/vue';
import { computed, shallowRef } from 'vue';
import type { ImageId } from '#shared/domain.ts';
import type { Measurement, MeasurementKind } from '#shared/measurement.ts';
import { addMeasurement, removeMeasurement } from '../../../annotation/document.ts';
import { defineCommand, useCommands } from '../../../commands/command.ts';
import type { PaneTool, PixelPoint, ToolDrag } from '../../../viewer/viewer.ts';
import type { UsedAnnotation } from '../../annotate/useAnnotation.ts';
import type { CellContext, InspectTool, Toolbox } from '../tools/toolbox.ts';
import { measurementNames } from './measurement-text.ts';
import { provideMeasurements } from './measurements.ts';
import MeasureOverlay from './MeasureOverlay.vue';

const group = 'Measure';
/** A drag shorter than this, in pixels of the image, was a click and measures nothing. */
const shortest = 0.5;
const icons = { length: Ruler, angle: TriangleRight, ellipse: Circle, rectangle: Square, probe: Pipette };
const keys = { length: 'D', angle: 'A', ellipse: 'C', rectangle: 'Q', probe: 'V' };

/** Rulers over the image being read: part of its annotation, so they are kept, undone and carried to revisions with it. */
export function useMeasuring(toolbox: Toolbox, annotation: UsedAnnotation): void {
  /** Still being drawn. */
  const draft = shallowRef<{ readonly image: ImageId; readonly measurement: Measurement } | null>(null);
  /** The first arm of an angle that waits for its second. */
  const arm = shallowRef<{ readonly image: ImageId; from: Point; corner: Point } | null>(null);

  const stored = computed(() => annotation.state.value?.document.measurements ?? []);
  function add(measurement: Measurement): void {
    const document = annotation.state.value?.document;
    if (document) annotation.change(named('Measure', measurement), addMeasurement(document, measurement));
  }
  function remove(id: string): void {
    const document = annotation.state.value?.document;
    const measurement = stored.value.find((one) => one.id === id);
    if (document && measurement)
      annotation.change(named('Remove', measurement), removeMeasurement(document, id));
  }

  function drawing(image: ImageId, make: (to: Point) => Measurement, start: PixelPoint): ToolDrag {
    const show = (to: PixelPoint) => (draft.value = { image, measurement: make(plain(to)) });
    return {
      move: show,
      end(to, cancelled) {
        draft.value = null;
        if (cancelled || Math.hypot(to[0] - start[0], to[1] - start[1]) < shortest) return;
        add(make(plain(to)));
      },
    };
  }

  function angleTool(image: ImageId): PaneTool {
    return {
      press(start) {
        const id = crypto.randomUUID();
        const waiting = arm.value?.image === image ? arm.value : null;
        if (waiting) {
          const { from, corner } = waiting;
          const make = (to: PixelPoint): Measurement => ({ id, kind: 'angle', from, corner, to: plain(to) });
          const finish = (to: PixelPoint) => {
            draft.value = null;
            arm.value = null;
            add(make(to));
          };
          return {
            move: (to) => (draft.value = { image, measurement: make(to) }),
            end: (to, cancelled) => (cancelled ? undefined : finish(to)),
          };
        }
        const from: Point = plain(start);
        return {
          move: (to) => (draft.value = { image, measurement: { id, kind: 'length', from, to: plain(to) } }),
          end(to, cancelled) {
            if (cancelled || Math.hypot(to[0] - start[0], to[1] - start[1]) < shortest) draft.value = null;
            else arm.value = { image, from, corner: plain(to) };
          },
        };
      },
      hover(to) {
        if (arm.value?.image !== image || !to) return;
        const { from, corner } = arm.value;
        const id = draft.value?.measurement.id ?? crypto.randomUUID();
        draft.value = { image, measurement: { id, kind: 'angle', from, corner, to: plain(to) } };
      },
    };
  }

  function toolFor(kind: MeasurementKind, { image: { id: image } }: CellContext): PaneTool | undefined {
    if (image !== annotation.open.value?.image.id) return undefined;
    if (kind === 'angle') return angleTool(image);
    if (kind === 'probe') {
      const end = (at: PixelPoint, cancelled: boolean) => {
        if (!cancelled) add({ id: crypto.randomUUID(), kind, at: plain(at) });
      };
      return { press: () => ({ move: () => undefined, end }) };
    }
    return {
      press(start) {
        const id = crypto.randomUUID();
        const from: Point = plain(start);
        return drawing(image, (to) => ({ id, kind, from, to }), start);
      },
    };
  }

  toolbox.addTools(
    (['length', 'angle', 'ellipse', 'rectangle', 'probe'] as const).map((kind): InspectTool => ({
      id: `measure.${kind}`,
      label:
        kind === 'ellipse' || kind === 'rectangle'
          ? `${measurementNames[kind]}: values inside`
          : measurementNames[kind],
      icon: icons[kind],
      keys: [keys[kind]],
      group,
      inCell: (context) => toolFor(kind, context),
    })),
  );
  toolbox.addLayer({ overlay: MeasureOverlay });

  provideMeasurements({
    of(image) {
      if (image !== annotation.open.value?.image.id) return [];
      return draft.value?.image === image ? [...stored.value, draft.value.measurement] : stored.value;
    },
    remove,
  });

  useCommands([
    defineCommand({
      id: 'measure.removeLast',
      label: 'Remove the last measurement',
      group,
      keys: ['Shift+Backspace'],
      enabled: () => stored.value.length > 0,
      run() {
        const last = stored.value.at(-1);
        if (last) remove(last.id);
      },
    }),
    defineCommand({
      id: 'measure.removeAll',
      label: 'Remove all measurements of this image',
      group,
      enabled: () => stored.value.length > 0,
      run() {
        const document = annotation.state.value?.document;
        if (document) annotation.change('Remove measurements', { ...document, measurements: [] });
      },
    }),
  ]);
}

type Point = [number, number];

const plain = ([x, y]: PixelPoint): Point => [x, y];

/** What undo calls it: "Measure length". */
const named = (verb: string, { kind }: Measurement): string =>
  `${verb} ${measurementNames[kind].toLowerCase()}`;
