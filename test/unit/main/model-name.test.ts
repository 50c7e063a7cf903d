import fc from 'fast-check';
import { expect, test } from 'vitest';
import { suggestedModelName } from '#main/models/model-name.ts';
import { modelNamePattern } from '#shared/model-description.ts';

test('a model is named after its folder, or after its repository in a download cache', () => {
  expect(suggestedModelName('/data/DINOv3 ViT-S')).toBe('dinov3-vit-s');
  expect(suggestedModelName('C:\\models\\tiny_mlp\\')).toBe('tiny_mlp');
  expect(suggestedModelName('/hub/models--facebook--dinov3-vits16/snapshots/0a1b2c')).toBe('dinov3-vits16');
});

test('whatever the folder is called, the name can be one', () => {
  fc.assert(
    fc.property(fc.string(), (folder) => {
      expect(suggestedModelName(folder)).toMatch(modelNamePattern);
    }),
  );
});
