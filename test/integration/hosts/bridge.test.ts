/** The built preload script, run as a sandboxed one is: `require` knows `electron` and nothing else. */
import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileFunction } from 'node:vm';
import { beforeAll, expect, test } from 'vitest';
import type { DesktopBridge } from '#shared/desktop.ts';
import { channels } from '../../../src-preload/channels.ts';
import { ensureBuilt, projectRoot } from '../../support/built.ts';

const sent: string[] = [];
const renderer = Object.assign(new EventEmitter(), {
  invoke: async (channel: string) => [`answer to ${channel}`],
  send: (channel: string) => void sent.push(channel),
});
const exposed: Record<string, unknown> = {};

beforeAll(async () => {
  await ensureBuilt();
  const electron = {
    contextBridge: { exposeInMainWorld: (name: string, api: unknown) => void (exposed[name] = api) },
    ipcRenderer: renderer,
    webUtils: { getPathForFile: (file: File) => `/folder/${file.name}` },
  };
  const code = readFileSync(join(projectRoot, 'out/preload/bridge.cjs'), 'utf8');
  compileFunction(code, ['require'])((name: string) => {
    if (name !== 'electron') throw new Error(`A sandboxed preload script cannot require ${name}.`);
    return electron;
  });
}, 180_000);

const bridge = () => exposed['nidusDesktop'] as DesktopBridge;

test('the page gets four functions and no object of Electron', () => {
  expect(Object.keys(exposed)).toEqual(['nidusDesktop']);
  expect(Object.keys(bridge()).sort()).toEqual(['chooseFiles', 'chooseFolder', 'onCommand', 'pathOf']);
  expect(Object.values(bridge()).every((value) => typeof value === 'function')).toBe(true);
});

test('dialogs and paths of dropped files', async () => {
  expect(await bridge().chooseFiles()).toEqual([`answer to ${channels.chooseFiles}`]);
  expect(await bridge().chooseFolder()).toEqual([`answer to ${channels.chooseFolder}`]);
  expect(bridge().pathOf(new File([], 'slice.dcm'))).toBe('/folder/slice.dcm');
});

test('commands arrive without the event they came with, until the listener leaves', () => {
  const heard: unknown[][] = [];
  const leave = bridge().onCommand((...command: unknown[]) => void heard.push(command));
  expect(sent).toEqual([channels.listening]);
  renderer.emit(channels.command, { sender: 'secret' }, 'import.paths', ['/slice.dcm']);
  leave();
  renderer.emit(channels.command, { sender: 'secret' }, 'go.jobs', []);
  expect(heard).toEqual([['import.paths', ['/slice.dcm']]]);
});
