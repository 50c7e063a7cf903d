import type { StudyImage } from '#shared/domain.ts';

const collator = new Intl.Collator('en', { numeric: true });

/** An image's name without the folders it came from. */
export const shortName = (name: string) => name.slice(name.lastIndexOf('/') + 1);

/** A copy in the order people count: slice2 before slice10. */
export const sortedByName = (images: readonly StudyImage[]) =>
  [...images].sort((a, b) => collator.compare(a.name, b.name));
