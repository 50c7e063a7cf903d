import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { traceOf } from '#shared/errors.ts';

test('the trace of a mistake says where it happened, and no path of a file', async () => {
  const error = await readFile('/nowhere/Doe_Jane/scan.dcm').catch((refusal: unknown) => refusal);
  expect(traceOf(error)).toContain('ENOENT: no such file or directory, open ...');
  expect(traceOf(error)).not.toContain('Doe');
  expect(traceOf(new TypeError('study "Doe" is\nodd'))).toMatch(
    /^TypeError: study ... is\nodd\n +at .*errors\.test\.ts/,
  );
  expect(traceOf('thrown')).toBe('a thrown string');
});
