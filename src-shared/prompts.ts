/** The sentences that describe a class in its two states, normal and abnormal. */
import { z } from 'zod';

const line = z.string().trim().min(1).max(200);

/** `{c}` in a state is the name of the class, `{s}` in a template is the state with its class. */
export const PromptList = z.object({
  normal: z
    .array(line.refine((text) => text.includes('{c}'), 'A state holds {c}, the name of the class'))
    .min(1)
    .max(64),
  abnormal: z
    .array(line.refine((text) => text.includes('{c}'), 'A state holds {c}, the name of the class'))
    .min(1)
    .max(64),
  templates: z
    .array(line.refine((text) => text.includes('{s}'), 'A template holds {s}, the state'))
    .min(1)
    .max(128),
});
export type PromptList = z.infer<typeof PromptList>;

export interface Prompts {
  readonly normal: readonly string[];
  readonly abnormal: readonly string[];
}

/** Every state in every template; templates vary fastest. */
export function promptsOf(className: string, { normal, abnormal, templates }: PromptList): Prompts {
  const sentences = (states: readonly string[]) =>
    states.flatMap((state) => {
      const described = state.replaceAll('{c}', className);
      return templates.map((template) => template.replaceAll('{s}', described));
    });
  return { normal: sentences(normal), abnormal: sentences(abnormal) };
}

const templates = [
  'a photo of a {s}.',
  'a photo of the {s}.',
  'an image of a {s}.',
  'an image of the {s}.',
  'a picture of one {s}.',
  'a close view of a {s}.',
  'a close view of the {s}.',
  'a detailed view of the {s}.',
  'a magnified image of the {s}.',
  'a sharp image of a {s}.',
  'a blurred image of a {s}.',
  'a dark image of a {s}.',
  'a brightly lit image of a {s}.',
  'a grey-scale image of a {s}.',
  'a noisy image of the {s}.',
  'a small part of a {s}.',
  'the surface of a {s}.',
  'a cropped view of the {s}.',
  'an inspection image of a {s}.',
  'an inspection image of the {s}.',
  'a scan of a {s}.',
  'this is a {s}.',
  'this is one {s}.',
  'there is a {s} in the picture.',
];

export const promptListNames = ['industrial', 'medical'] as const;
export type PromptListName = (typeof promptListNames)[number];

/** Where a study begins: two wordings of the same states. */
export const promptLists: Readonly<Record<PromptListName, PromptList>> = {
  industrial: {
    normal: [
      '{c}',
      'intact {c}',
      'clean {c}',
      'undamaged {c}',
      '{c} in perfect condition',
      '{c} free of faults',
      '{c} without any defect',
    ],
    abnormal: [
      'defective {c}',
      'faulty {c}',
      '{c} with a fault',
      '{c} with a visible defect',
      '{c} with a damaged area',
      '{c} with something missing or broken',
    ],
    templates,
  },
  medical: {
    normal: [
      '{c}',
      'healthy {c}',
      'normal {c}',
      'unremarkable {c}',
      '{c} without findings',
      '{c} without any lesion',
      '{c} of a healthy person',
    ],
    abnormal: [
      'abnormal {c}',
      'diseased {c}',
      'pathological {c}',
      '{c} with a lesion',
      '{c} with an abnormal region',
      '{c} of a person with a disease',
    ],
    templates,
  },
};

/** What an image shows when nobody said. */
export const unknownClass = 'object';

/** A name as people use it: "metal nut", not "metal_nut". */
export const ClassName = z
  .string()
  .trim()
  .min(1)
  .max(80)
  .transform((name) => name.replaceAll(/[_\s]+/g, ' '));

/** Two names of one class: case and separators do not count. */
export const isSameClass = (a: string, b: string): boolean => plain(a) === plain(b);
const plain = (name: string) => name.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, '');

/** What the images of a study show, and the sentences made of it. */
export const StudyPrompts = z.object({ className: ClassName, list: PromptList });
export type StudyPrompts = z.infer<typeof StudyPrompts>;

export const defaultPrompts: StudyPrompts = { className: unknownClass, list: promptLists.industrial };
