import { describe, expect, test } from 'vitest';
import { architectureOf } from '#engine/models/families/index.ts';

const dinov3 = { model_type: 'dinov3_vit' };
const dinov2 = { model_type: 'dinov2' };

describe('an unusable configuration is refused in one sentence', () => {
  test.each([
    ['no object', [], 'config.json does not say its model_type.'],
    ['another family', { model_type: 'vit' }, /^config.json describes a vit; Nidus converts dinov3_vit, /],
    ['a name of every object', { model_type: 'constructor' }, /describes a constructor/],
    ['a size of zero', { ...dinov3, hidden_size: 0 }, /gives no usable hidden_size/],
    ['text for a number', { ...dinov3, num_hidden_layers: '12' }, /gives no usable num_hidden_layers/],
    [
      'heads that do not divide',
      { ...dinov3, num_attention_heads: 7 },
      /hidden_size 384 by num_attention_heads 7/,
    ],
    ['heads RoPE cannot split', { ...dinov3, hidden_size: 36 }, /a multiple of 4 of channels a head/],
    ['grey images', { ...dinov3, num_channels: 1 }, /gives no usable num_channels/],
    ['an unknown activation', { ...dinov3, hidden_act: 'mish' }, /gives no usable hidden_act/],
    ['separate norms', { ...dinov3, untie_cls_and_patch_norms: true }, /separate norms of CLS and patches/],
    ['an eps of zero', { ...dinov2, layer_norm_eps: 0 }, /gives no usable layer_norm_eps/],
    ['heads that do not divide', { ...dinov2, num_attention_heads: 7 }, /does not give a whole number/],
    [
      'stages without widths',
      { model_type: 'dinov3_convnext', depths: [1, 1] },
      /depths of 2 stages but hidden_sizes of 4/,
    ],
  ])('%s', (_name, config, message) => {
    expect(() => architectureOf(config)).toThrow(message);
    expect(() => architectureOf(config)).toThrow(expect.objectContaining({ kind: 'unreadable' }));
  });
});

describe('fields a file leaves out have the defaults of the configuration classes', () => {
  test('DINOv3', () => {
    expect(architectureOf(dinov3)).toMatchObject({
      patch: 16,
      dimension: 384,
      registers: 0,
      depth: 12,
      epsilon: 1e-5,
    });
  });
  test('DINOv2, whose patch is 16 there and not the 14 of the released models', () => {
    expect(architectureOf(dinov2)).toMatchObject({ patch: 16, registers: 0, epsilon: 1e-6 });
    expect(architectureOf({ model_type: 'dinov2_with_registers' })).toMatchObject({ registers: 4 });
  });
  test('ConvNeXt', () => {
    const tiny = { patch: 32, dimension: 768, registers: 0, depth: 4, epsilon: 1e-6 };
    expect(architectureOf({ model_type: 'dinov3_convnext' })).toMatchObject(tiny);
  });
});
