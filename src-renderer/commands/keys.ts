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
/** Keys that cannot be written as the sign they type. */
const written: Readonly<Record<string, string>> = { space: ' ', plus: '+' };

const modifiers = new Set(['Control', 'Shift', 'Alt', 'Meta', 'AltGraph']);
export const isModifier = ({ key }: Pick<KeyPress, 'key'>): boolean => modifiers.has(key);

function parseStroke(text: string): Stroke {
  const parts = text.split('+');
  const key = (parts.pop() ?? '').toLowerCase();
  const has = (modifier: string) => parts.some((part) => part.toLowerCase() === modifier);
  return { mod: has('mod'), alt: has('alt'), shift: has('shift'), key: written[key] ?? key };
}

/** Signs such as "?" need Shift on some keyboards and not on others: there the sign itself decides. */
const shiftDecides = ({ key, mod, alt }: Omit<Stroke, 'shift'>): boolean =>
  key.length > 1 || key === ' ' || letter.test(key) || mod || alt;

function matchesStroke(stroke: Stroke, press: KeyPress): boolean {
  if (stroke.mod !== (press.ctrlKey || press.metaKey) || stroke.alt !== press.altKey) return false;
  if (shiftDecides(stroke) && stroke.shift !== press.shiftKey) return false;
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

/** The shortcut a press is, in the notation of this file. */
export function keysOfPress(press: KeyPress): string {
  const [mod, alt] = [press.ctrlKey || press.metaKey, press.altKey];
  // Alt changes what the key types on a Mac.
  const plain = alt ? /^(?:Key|Digit)(.)$/.exec(press.code)?.[1] : undefined;
  const key = (plain ?? press.key).toLowerCase();
  const sign = Object.keys(written).find((name) => written[name] === key) ?? key;
  const named = plain ?? (press.key.length > 1 ? press.key : sign.slice(0, 1).toUpperCase() + sign.slice(1));
  const shift = press.shiftKey && shiftDecides({ key, mod, alt });
  return [...(mod ? ['Mod'] : []), ...(alt ? ['Alt'] : []), ...(shift ? ['Shift'] : []), named].join('+');
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
