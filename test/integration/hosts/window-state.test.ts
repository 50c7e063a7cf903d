import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readWindowState, reachableBounds, writeWindowState } from '#main/hosts/electron/window-state.ts';

const folder = mkdtempSync(join(tmpdir(), 'nidus-window-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const bounds = { x: 10, y: 20, width: 1280, height: 800 };

test('what was written is read, and nothing half-written stays', () => {
  const file = join(folder, 'new/window.json');
  expect(readWindowState(file)).toBeNull();
  writeWindowState(file, { bounds, maximised: true });
  writeWindowState(file, { bounds, maximised: false });
  expect(readWindowState(file)).toEqual({ bounds, maximised: false });
  expect(readdirSync(join(folder, 'new'))).toEqual(['window.json']);
});

test('a file that is not ours is as good as none', () => {
  const file = join(folder, 'window.json');
  for (const text of ['', '{', '[]', '{"bounds":{"x":1},"maximised":true}', '{"bounds":null}']) {
    writeFileSync(file, text);
    expect(readWindowState(file)).toBeNull();
  }
});

test('the window stays where it can be dragged, and goes back to the default where it cannot', () => {
  const laptop = { x: 0, y: 25, width: 1440, height: 875 };
  const left = { x: -1920, y: 0, width: 1920, height: 1080 };
  const at = (x: number, y: number) => ({ ...bounds, x, y });

  expect(reachableBounds(at(100, 100), [laptop])).toEqual(at(100, 100));
  expect(reachableBounds(at(-1800, 40), [laptop, left])).toEqual(at(-1800, 40));
  // The second display is gone, or the window hangs off an edge.
  expect(reachableBounds(at(-1800, 40), [laptop])).toBeNull();
  expect(reachableBounds(at(1400, 100), [laptop])).toBeNull();
  expect(reachableBounds(at(100, -700), [laptop])).toBeNull();
  expect(reachableBounds(at(100, 890), [laptop])).toBeNull();
  expect(reachableBounds(at(0, 0), [])).toBeNull();
});
