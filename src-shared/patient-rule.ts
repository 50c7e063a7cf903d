/**
 * Whom or what an image is of - a patient, a part, a lot - read from its name, so that splits and intervals can keep
 * images of one together. The person sees the rule and its outcome before it is used.
 */
import { z } from 'zod';

/** A pattern that a person types, with one group that captures the patient. */
const CapturingPattern = z
  .string()
  .max(200)
  .refine(capturesOne, 'The pattern needs one group in parentheses');

export const PatientRule = z.discriminatedUnion('kind', [
  /** Every image stands alone. */
  z.object({ kind: z.literal('none') }),
  /** The file name up to the first of this character: `fg6692_z077.png` -> `fg6692`. */
  z.object({ kind: z.literal('before'), separator: z.enum(['_', '-', '.']) }),
  /** The folder an image lies in: `lot-7/003.png` -> `lot-7`. */
  z.object({ kind: z.literal('folder') }),
  /** The first group of a regular expression over the whole name. */
  z.object({ kind: z.literal('pattern'), pattern: CapturingPattern }),
]);
export type PatientRule = z.infer<typeof PatientRule>;

function capturesOne(pattern: string): boolean {
  try {
    // The empty alternative always matches, so that the groups can be counted.
    return (new RegExp(`${pattern}|`, 'u').exec('')?.length ?? 0) === 2;
  } catch {
    return false;
  }
}

/** Name without its extension; the rules read what people chose, not what the format added. */
const withoutExtension = (name: string) => name.replace(/\.[a-z][a-z0-9]{1,4}(\.gz)?$/i, '');

/**
 * The patient of an image of this name (relative, forward slashes).
 * @returns null where the rule finds none: such an image stands alone
 */
export function patientOf(rule: PatientRule, name: string): string | null {
  const path = withoutExtension(name);
  const parts = path.split('/');
  switch (rule.kind) {
    case 'none':
      return null;
    case 'before': {
      const file = parts.at(-1) ?? '';
      const end = file.indexOf(rule.separator);
      return end > 0 ? file.slice(0, end) : null;
    }
    case 'folder':
      return parts.at(-2) ?? null;
    case 'pattern':
      return new RegExp(rule.pattern, 'u').exec(path)?.[1] || null;
  }
}

const candidates: readonly PatientRule[] = [
  { kind: 'before', separator: '_' },
  { kind: 'before', separator: '-' },
  { kind: 'before', separator: '.' },
];

/**
 * The rule that these names seem to follow: every image has a patient, there is more than one patient, and on average
 * a patient has at least one image and a half. `none` where no rule does, as with pictures that are merely numbered.
 */
export function suggestPatientRule(names: readonly string[]): PatientRule {
  for (const rule of candidates) {
    const patients = names.map((name) => patientOf(rule, name));
    const distinct = new Set(patients);
    if (!distinct.has(null) && distinct.size > 1 && distinct.size <= names.length / 1.5) return rule;
  }
  return { kind: 'none' };
}
