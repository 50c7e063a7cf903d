import { Circle, Crosshair, Ruler, Square, TriangleRight } from '@lucide/vue';
import { computed, shallowRef } from 'vue';
import { z } from 'zod';
import type { ImageId } from '#shared/domain.ts';
import { defineCommand, useCommands } from '../../../commands/command.ts';
import type { PaneTool, PixelPoint, ToolDrag } from '../../../viewer/viewer.ts';
import type { Session } from '../session/session.ts';
import type { CellContext, InspectTool } from '../tools/toolbox.ts';
import { Measurement, type MeasurementKind } from './measurement.ts';
import { measurementNames } from './measurement-text.ts';
import { provideMeasurements } from './measurements.ts';
import MeasureOverlay from './MeasureOverlay.vue';

const group = 'Measure';
const Stored = z.record(z.string(), z.array(Measurement));
/** A drag shorter than this, in pixels of the image, was a click and measures nothing. */
const shortest = 0.5;

/** Rulers over the images: kept on this machine, image by image. */
export function useMeasuring({ toolbox, studyId, frames }: Session): void {
  const key = `nidus.measurements.${studyId}`;
  const all = shallowRef(load(key));
  /** Still being drawn. */
  const draft = shallowRef<{ readonly image: ImageId; readonly measurement: Measurement } | null>(null);
  /** The first arm of an angle that waits for its second. */
  const arm = shallowRef<{ readonly image: ImageId; from: Point; corner: Point } | null>(null);

  const of = (image: ImageId) => all.value[image] ?? [];
  function put(image: ImageId, measurements: readonly Measurement[]): void {
    all.value = { ...all.value, [image]: [...measurements] };
    localStorage.setItem(key, JSON.stringify(all.value));
  }

  function drawing(image: ImageId, make: (to: Point) => Measurement, start: PixelPoint): ToolDrag {
    const show = (to: PixelPoint) => (draft.value = { image, measurement: make(plain(to)) });
    return {
      move: show,
      end(to, cancelled) {
        draft.value = null;
        if (cancelled || Math.hypot(to[0] - start[0], to[1] - start[1]) < shortest) return;
        put(image, [...of(image), make(plain(to))]);
      },
    };
  }

  function angleTool(image: ImageId): PaneTool {
    return {
      press(start) {
        const waiting = arm.value?.image === image ? arm.value : null;
        if (waiting) {
          const { from, corner } = waiting;
          const finish = (to: PixelPoint) => {
            draft.value = null;
            arm.value = null;
            put(image, [...of(image), { kind: 'angle', from, corner, to: plain(to) }]);
          };
          return {
            move: (to) =>
              (draft.value = { image, measurement: { kind: 'angle', from, corner, to: plain(to) } }),
            end: (to, cancelled) => (cancelled ? undefined : finish(to)),
          };
        }
        const from: Point = plain(start);
        return {
          move: (to) => (draft.value = { image, measurement: { kind: 'length', from, to: plain(to) } }),
          end(to, cancelled) {
            if (cancelled || Math.hypot(to[0] - start[0], to[1] - start[1]) < shortest) draft.value = null;
            else arm.value = { image, from, corner: plain(to) };
          },
        };
      },
      hover(to) {
        if (arm.value?.image !== image || !to) return;
        const { from, corner } = arm.value;
        draft.value = { image, measurement: { kind: 'angle', from, corner, to: plain(to) } };
      },
    };
  }

  function toolFor(kind: MeasurementKind, { image: { id } }: CellContext): PaneTool {
    if (kind === 'angle') return angleTool(id);
    if (kind === 'probe') {
      const end = (at: PixelPoint, cancelled: boolean) => {
        if (!cancelled) put(id, [...of(id), { kind, at: plain(at) }]);
      };
      return { press: () => ({ move: () => undefined, end }) };
    }
    return {
      press(start) {
        const from: Point = plain(start);
        return drawing(id, (to) => ({ kind, from, to }), start);
      },
    };
  }

  const icons = { length: Ruler, angle: TriangleRight, ellipse: Circle, rectangle: Square, probe: Crosshair };
  const keys = { length: 'D', angle: 'A', ellipse: 'C', rectangle: 'Q', probe: 'V' };
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
    of: (image) => {
      const unfinished = draft.value?.image === image ? [draft.value.measurement] : [];
      return [...of(image), ...unfinished];
    },
    remove: (image, index) =>
      put(
        image,
        of(image).filter((_, at) => at !== index),
      ),
  });

  const image = computed(() => frames.frame.value?.image.id);
  const own = computed(() => (image.value === undefined ? [] : of(image.value)));
  useCommands([
    defineCommand({
      id: 'measure.removeLast',
      label: 'Remove the last measurement',
      group,
      keys: ['Shift+Backspace'],
      enabled: () => own.value.length > 0,
      run() {
        if (image.value !== undefined) put(image.value, own.value.slice(0, -1));
      },
    }),
    defineCommand({
      id: 'measure.removeAll',
      label: 'Remove all measurements of this image',
      group,
      enabled: () => own.value.length > 0,
      run() {
        if (image.value !== undefined) put(image.value, []);
      },
    }),
  ]);
}

type Point = [number, number];

const plain = ([x, y]: PixelPoint): Point => [x, y];

function load(key: string): Readonly<Record<string, readonly Measurement[]>> {
  try {
    return Stored.safeParse(JSON.parse(localStorage.getItem(key) ?? '{}')).data ?? {};
  } catch {
    return {};
  }
}
