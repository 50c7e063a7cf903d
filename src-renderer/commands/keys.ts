/**
 * Shortcuts as text: `Mod+K` (Ctrl, Command on a Mac), `Alt+1`, `Shift+ArrowLeft`, `Delete`, `?`,
 * and two keys one after the other: `G S`.
 */

interface Stroke {
  readonly mod: boolean;
  readonly alt: boolean;
  readonly shift: boolean;
  readonly key: string;
}

export interface KeyPress {
  readonly key: string;
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

const letter = /^[a-z]$/;

function parseStroke(text: string): Stroke {
  const parts = text.split('+');
  const key = (parts.pop() ?? '').toLowerCase();
  const has = (modifier: string) => parts.some((part) => part.toLowerCase() === modifier);
  return { mod: has('mod'), alt: has('alt'), shift: has('shift'), key: key === 'space' ? ' ' : key };
}

function matchesStroke(stroke: Stroke, press: KeyPress): boolean {
  if (stroke.mod !== (press.ctrlKey || press.metaKey) || stroke.alt !== press.altKey) return false;
  // Signs such as "?" need Shift on some keyboards and not on others: the sign itself decides.
  const shiftDecides = stroke.key.length > 1 || letter.test(stroke.key) || stroke.mod || stroke.alt;
  if (shiftDecides && stroke.shift !== press.shiftKey) return false;
  if (press.key.toLowerCase() === stroke.key) return true;
  // Alt changes what the key types on a Mac.
  return press.code === `Digit${stroke.key}` || press.code === `Key${stroke.key.toUpperCase()}`;
}

/** Whether the last key presses, oldest first, are this shortcut. */
export function matchesKeys(shortcut: string, presses: readonly KeyPress[]): boolean {
  const strokes = shortcut.split(' ').map(parseStroke);
  const last = presses.slice(-strokes.length);
  return (
    last.length === strokes.length &&
    strokes.every((stroke, i) => {
      const press = last[i];
      return press !== undefined && matchesStroke(stroke, press);
    })
  );
}

const names: Readonly<Record<string, string>> = {
  arrowleft: '←',
  arrowright: '→',
  arrowup: '↑',
  arrowdown: '↓',
  escape: 'Esc',
  delete: 'Del',
  ' ': 'Space',
  pageup: 'Page up',
  pagedown: 'Page down',
};

/** A shortcut as its key caps, e.g. `['Ctrl', 'K']`; a sequence has `then` between. */
export function keyCaps(shortcut: string, mac: boolean): string[] {
  const caps: string[] = [];
  for (const [i, text] of shortcut.split(' ').entries()) {
    if (i > 0) caps.push('then');
    const stroke = parseStroke(text);
    if (stroke.mod) caps.push(mac ? '⌘' : 'Ctrl');
    if (stroke.alt) caps.push(mac ? '⌥' : 'Alt');
    if (stroke.shift) caps.push(mac ? '⇧' : 'Shift');
    const plain = stroke.key.length === 1 ? stroke.key.toUpperCase() : text.split('+').at(-1);
    caps.push(names[stroke.key] ?? plain ?? '');
  }
  return caps;
}

export const onMac = /Mac/.test(globalThis.navigator?.userAgent ?? '');
