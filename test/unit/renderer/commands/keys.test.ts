import { expect, test } from 'vitest';
import type { KeyPress } from '../../../../src-renderer/commands/keys.ts';
import { keyCaps, matchesKeys } from '../../../../src-renderer/commands/keys.ts';

const press = (key: string, more: Partial<KeyPress> = {}): KeyPress => ({
  key,
  code: '',
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...more,
});

test('a letter is itself, without modifiers', () => {
  expect(matchesKeys('N', [press('n')])).toBe(true);
  expect(matchesKeys('N', [press('N', { shiftKey: true })])).toBe(false);
  expect(matchesKeys('N', [press('n', { ctrlKey: true })])).toBe(false);
});

test('Mod is Ctrl or Command', () => {
  expect(matchesKeys('Mod+K', [press('k', { ctrlKey: true })])).toBe(true);
  expect(matchesKeys('Mod+K', [press('k', { metaKey: true })])).toBe(true);
  expect(matchesKeys('Mod+K', [press('k')])).toBe(false);
});

test('a sign counts however the keyboard makes it', () => {
  expect(matchesKeys('?', [press('?', { shiftKey: true })])).toBe(true);
  expect(matchesKeys('?', [press('?')])).toBe(true);
});

test('Alt with a digit goes by the key where Alt types something else', () => {
  expect(matchesKeys('Alt+1', [press('¡', { code: 'Digit1', altKey: true })])).toBe(true);
});

test('a sequence needs its keys one after the other', () => {
  expect(matchesKeys('G S', [press('g'), press('s')])).toBe(true);
  expect(matchesKeys('G S', [press('s'), press('g')])).toBe(false);
  expect(matchesKeys('G S', [press('s')])).toBe(false);
  expect(matchesKeys('S', [press('g'), press('s')])).toBe(true);
});

test('named keys mind Shift', () => {
  expect(matchesKeys('Shift+ArrowLeft', [press('ArrowLeft', { shiftKey: true })])).toBe(true);
  expect(matchesKeys('ArrowLeft', [press('ArrowLeft', { shiftKey: true })])).toBe(false);
  expect(matchesKeys('Space', [press(' ')])).toBe(true);
});

test('key caps as they are printed on the machine', () => {
  expect(keyCaps('Mod+Shift+k', false)).toEqual(['Ctrl', 'Shift', 'K']);
  expect(keyCaps('Mod+K', true)).toEqual(['⌘', 'K']);
  expect(keyCaps('G S', false)).toEqual(['G', 'then', 'S']);
  expect(keyCaps('Delete', false)).toEqual(['Del']);
  expect(keyCaps('Enter', false)).toEqual(['Enter']);
});
