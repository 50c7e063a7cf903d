import type { StudyImage } from '#shared/domain.ts';

const collator = new Intl.Collator('en', { numeric: true });

/**
 * An image's name without the folders it came from; with the last of them where the file is only numbered, as in MVTec AD:
 * "hole/003.png" tells images apart, "003.png" does not.
 */
export function shortName(name: string): string {
  const parts = name.split('/');
  const file = parts.at(-1) ?? name;
  const folder = parts.at(-2);
  return folder !== undefined && /^\d+(\.\w+)?$/.test(file) ? `${folder}/${file}` : file;
}

/** A copy in the order people count: slice2 before slice10. */
export const sortedByName = (images: readonly StudyImage[]) =>
  [...images].sort((a, b) => collator.compare(a.name, b.name));
