import { defineConfig } from '@playwright/test';
import { displayProblem } from './src-main/hosts/start/desktop.ts';
import { findElectron } from './src-main/hosts/start/electron-binary.ts';
import type { HostOptions } from './test/e2e/fixtures.ts';

const electronIsHere =
  'path' in findElectron() && displayProblem(process.env, process.platform, process.getuid?.()) === null;

export default defineConfig<object, HostOptions>({
  testDir: 'test/e2e',
  outputDir: 'test-results',
  // One browser and one engine at a time on two cores.
  workers: 1,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  forbidOnly: process.env['CI'] !== undefined,
  reporter: 'list',
  projects: [
    { name: 'browser', testIgnore: 'electron.spec.ts', use: { host: 'browser' } },
    {
      name: 'electron',
      // Without its program only the specification is left that says what is missing.
      testMatch: electronIsHere ? '*.spec.ts' : 'electron.spec.ts',
      grepInvert: /@browser/,
      use: { host: 'electron' },
    },
  ],
});
