import type { GroundTruth, Label, Role } from '#shared/domain.ts';
import type { Verdict } from '#shared/reading.ts';

/** What the window calls the values of the vocabulary. */
export const roleWords: Readonly<Record<Role, string>> = {
  normal: 'Normal',
  query: 'Query',
  excluded: 'Excluded',
};

export const labelWords: Readonly<Record<Label, string>> = {
  normal: 'Labelled normal',
  abnormal: 'Labelled abnormal',
  unknown: 'No label',
};

export const groundTruthWords: Readonly<Record<GroundTruth, string>> = {
  drawn: 'Mask',
  empty: 'Empty mask',
  unknown: 'No mask',
};

export const verdictWords: Readonly<Record<Verdict, string>> = {
  normal: 'Normal',
  anomalous: 'Anomalous',
  unsure: 'Unsure',
  excluded: 'Excluded',
  reference: 'Reference',
};
