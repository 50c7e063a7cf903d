import { expect, test } from 'vitest';
import { suggestedName, uploadedPaths } from '../../../../src-renderer/features/imports/collect.ts';

const files = (...paths: string[]) => paths.map((path) => ({ file: new File([], 'x'), path }));

test('a dropped folder is imported as itself, so that its layout is seen', () => {
  expect(uploadedPaths('/in/7', files('brain/test/1.png', 'brain/train/2.png'))).toEqual(['/in/7/brain']);
  expect(uploadedPaths('/in/7', files('a/1.png', 'b/2.png'))).toEqual(['/in/7/a', '/in/7/b']);
});

test('loose files are imported with the whole upload', () => {
  expect(uploadedPaths('/in/7', files('1.png', 'a/2.png'))).toEqual(['/in/7']);
});

test('a study is called after the folder, or after the only file', () => {
  expect(suggestedName({ kind: 'paths', paths: ['/data/brain_flair/'] })).toBe('brain flair');
  expect(suggestedName({ kind: 'paths', paths: ['C:\\data\\Bolts'] })).toBe('Bolts');
  expect(suggestedName({ kind: 'paths', paths: ['/data/scan.nii.gz'] })).toBe('scan');
  expect(suggestedName({ kind: 'paths', paths: ['/data/1.png', '/data/2.png'] })).toBe('Imported images');
  expect(suggestedName({ kind: 'files', files: files('brain/1.png') })).toBe('brain');
  expect(suggestedName({ kind: 'files', files: files('1.png', '2.png') })).toBe('Imported images');
});
