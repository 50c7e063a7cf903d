import { z } from 'zod';
import { field, type Parameter } from './parameter.ts';

/**
 * Which patches of a test image count in AnomalyDINO. `tested`: the object mask where it passes the masking test on the
 * first reference. `object`: the object mask by the first principal component of the image's own features, always.
 * `nonzero`: pixels other than 0, for other models than DINOv2 and for medical images. `all`: every patch.
 */
export const MaskRule = z.enum(['tested', 'object', 'nonzero', 'all']);
export type MaskRule = z.infer<typeof MaskRule>;

export const maskFields = {
  mask: MaskRule,
  /** First component above which a patch belongs to the object; 10 suits the magnitudes of DINOv2 features. */
  maskThreshold: z.number().min(-1000).max(1000),
  /** `grid`: dilation and closing on the patch grid, as the paper says; `sequence`: along the row-major sequence, as its code does. */
  maskCleanUp: z.enum(['grid', 'sequence']),
};

export const maskDefaults = { mask: 'all', maskThreshold: 10, maskCleanUp: 'grid' } as const;

interface MaskSettings {
  mask: MaskRule;
  maskThreshold: number;
  maskCleanUp: 'grid' | 'sequence';
}

export const usesObjectMask = ({ mask }: { mask: MaskRule }): boolean =>
  mask === 'tested' || mask === 'object';

export const maskRuleParameter = <S extends MaskSettings>(): Parameter<S> => ({
  ...field<S, 'mask'>('mask'),
  label: 'Mask',
  help: 'Which patches of a test image count; the others get score 0. The object mask is made for DINOv2 features.',
  kind: 'choice',
  options: [
    { value: 'all', label: 'Every patch' },
    { value: 'nonzero', label: 'Pixels other than 0' },
    { value: 'object', label: 'Object, by its first component' },
    { value: 'tested', label: 'Object, where the masking test passes' },
  ],
});

export const objectMaskParameters = <S extends MaskSettings>(
  applies: (settings: S) => boolean,
): Parameter<S>[] => [
  {
    ...field<S, 'maskThreshold'>('maskThreshold'),
    label: 'Mask threshold',
    help: 'First principal component above which a patch belongs to the object; 10 suits DINOv2 features only.',
    kind: 'number',
    min: -100,
    max: 100,
    step: 0.5,
    whole: false,
    applies,
  },
  {
    ...field<S, 'maskCleanUp'>('maskCleanUp'),
    label: 'Mask clean-up',
    help: 'Dilation and closing on the patch grid as the paper says, or along the sequence of patches as its code does.',
    kind: 'choice',
    options: [
      { value: 'grid', label: 'On the grid (paper)' },
      { value: 'sequence', label: 'Along the sequence (code)' },
    ],
    applies,
  },
];
