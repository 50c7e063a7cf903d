import { computed, shallowRef, type ComputedRef } from 'vue';
import type { Point } from '../../annotation/shapes.ts';
import { defineCommand, useCommands } from '../../commands/command.ts';
import type { DrawingTool, DrawingTools } from './drawing-tools.ts';

interface Options {
  readonly drawing: DrawingTools;
  /** The tool in the hand. */
  readonly inHand: () => DrawingTool | undefined;
  /** Size of the image in pixels; undefined while nothing is open. */
  readonly size: () => { readonly width: number; readonly height: number } | undefined;
}

const fine = 1;
const coarse = 10;

/**
 * Drawing without a pointer: a cursor that arrows move by a pixel (with Shift by ten), Space to press and let go. It
 * moves a tool exactly as a pointer would. The arrows mean the cursor only while it is shown.
 */
export function useKeyboardCursor({ drawing, inHand, size }: Options): ComputedRef<boolean> {
  const wanted = shallowRef(false);
  const pressed = shallowRef(false);
  const at = shallowRef<Point | null>(null);
  const shown = computed(() => wanted.value && inHand() !== undefined && size() !== undefined);

  const middle = (): Point => {
    const { width, height } = size() ?? { width: 0, height: 0 };
    return [Math.floor(width / 2) + 0.5, Math.floor(height / 2) + 0.5];
  };

  function toggle(): void {
    if (pressed.value) press();
    wanted.value = !wanted.value;
    const from = drawing.tip.value;
    at.value ??= from ? [Math.floor(from[0]) + 0.5, Math.floor(from[1]) + 0.5] : middle();
    drawing.moveTip(wanted.value ? at.value : null);
  }

  function move(dx: number, dy: number): void {
    const { width, height } = size() ?? { width: 1, height: 1 };
    const [x, y] = at.value ?? middle();
    const to: Point = [
      Math.max(0.5, Math.min(width - 0.5, x + dx)),
      Math.max(0.5, Math.min(height - 0.5, y + dy)),
    ];
    at.value = to;
    drawing.use(() => inHand()?.tool.move(to));
    drawing.moveTip(to);
  }

  function press(): void {
    const point = at.value ?? middle();
    pressed.value = !pressed.value;
    drawing.use(() => (pressed.value ? inHand()?.tool.press(point) : inHand()?.tool.release(point)));
  }

  const arrow = (key: string, label: string, dx: number, dy: number) =>
    [fine, coarse].map((by) =>
      defineCommand({
        id: `annotate.cursor.${label}.${by}`,
        label: `Move the drawing cursor ${label}${by === coarse ? ' by ten' : ''}`,
        group: 'Annotate',
        keys: [by === coarse ? `Shift+${key}` : key],
        keyOnly: true,
        enabled: () => shown.value,
        run: () => move(dx * by, dy * by),
      }),
    );

  useCommands([
    defineCommand({
      id: 'annotate.cursor',
      label: 'Draw with the keyboard',
      group: 'Annotate',
      keys: ['Shift+K'],
      enabled: () => inHand() !== undefined,
      run: toggle,
    }),
    ...arrow('ArrowLeft', 'left', -1, 0),
    ...arrow('ArrowRight', 'right', 1, 0),
    ...arrow('ArrowUp', 'up', 0, -1),
    ...arrow('ArrowDown', 'down', 0, 1),
    defineCommand({
      id: 'annotate.cursor.press',
      label: 'Press or let go with the drawing cursor',
      group: 'Annotate',
      keys: ['Space'],
      keyOnly: true,
      enabled: () => shown.value,
      run: press,
    }),
  ]);
  return shown;
}
