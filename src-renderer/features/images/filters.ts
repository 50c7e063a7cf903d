import type { GroundTruth, ImageId, Label, Role, StudyImage } from '#shared/domain.ts';
import type { Verdict } from '#shared/reading.ts';

/** Within a group any of the pressed chips fits; the groups all have to. Nothing pressed lets everything through. */
export interface ImageFilter {
  readonly roles: ReadonlySet<Role>;
  readonly labels: ReadonlySet<Label>;
  readonly groundTruths: ReadonlySet<GroundTruth>;
  /** Of this reader; `none` are images without one. */
  readonly verdicts: ReadonlySet<Verdict | 'none'>;
  readonly text: string;
}

export const noFilter: ImageFilter = {
  roles: new Set(),
  labels: new Set(),
  groundTruths: new Set(),
  verdicts: new Set(),
  text: '',
};

const fits = <Value>(pressed: ReadonlySet<Value>, value: Value) => pressed.size === 0 || pressed.has(value);

export function filterImages(
  images: readonly StudyImage[],
  filter: ImageFilter,
  verdictOf: (id: ImageId) => Verdict | 'none' = () => 'none',
): StudyImage[] {
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  return images.filter((image) => {
    const name = `${image.name} ${image.defect ?? ''}`.toLowerCase();
    return (
      fits(filter.roles, image.role) &&
      fits(filter.labels, image.label) &&
      fits(filter.groundTruths, image.groundTruth) &&
      fits(filter.verdicts, verdictOf(image.id)) &&
      words.every((word) => name.includes(word))
    );
  });
}

export function toggled<Value>(set: ReadonlySet<Value>, value: Value): ReadonlySet<Value> {
  const next = new Set(set);
  if (!next.delete(value)) next.add(value);
  return next;
}

export const isFiltering = (filter: ImageFilter) =>
  filter.roles.size + filter.labels.size + filter.groundTruths.size + filter.verdicts.size > 0 ||
  filter.text.trim() !== '';
