import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Rectangle } from 'electron';
import { z } from 'zod';

const WindowState = z.object({
  bounds: z.object({ x: z.int(), y: z.int(), width: z.int().positive(), height: z.int().positive() }),
  maximised: z.boolean(),
});
export type WindowState = z.infer<typeof WindowState>;

/** Where the window was; null the first time, or when the file is not what we wrote. */
export function readWindowState(file: string): WindowState | null {
  try {
    return WindowState.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
}

/** Written beside and moved into place: a crash leaves the old state or the new one, never half of one. */
export function writeWindowState(file: string, state: WindowState): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, JSON.stringify(state));
  renameSync(`${file}.new`, file);
}

/** How much of the window's upper edge must lie on a display for a person to be able to drag it. */
const grip = { width: 120, height: 40 };

/** The remembered bounds if they can still be reached on one of the displays (their work areas), else null. */
export function reachableBounds(bounds: Rectangle, workAreas: readonly Rectangle[]): Rectangle | null {
  const reachable = workAreas.some((area) => {
    const across = Math.min(bounds.x + bounds.width, area.x + area.width) - Math.max(bounds.x, area.x);
    const below = area.y + area.height - bounds.y;
    return across >= grip.width && bounds.y >= area.y && below >= grip.height;
  });
  return reachable ? bounds : null;
}
