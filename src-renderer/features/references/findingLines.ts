import type { ImageId } from '#shared/domain.ts';
import type { DoctorFindings } from '#shared/references.ts';
import { countText } from '../../text/format.ts';

/** One line of the doctor's list: what was found, and the images to look at. */
export interface FindingLine {
  readonly id: 'duplicates' | 'abnormal' | 'leaks' | 'patients' | 'uncovered' | 'proposal';
  readonly text: string;
  readonly tone: 'bad' | 'warning' | 'neutral' | 'good';
  readonly images: readonly ImageId[];
  /** What it means and how it was found. */
  readonly title: string;
}

const some = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;

/** Every line there is, also those that found nothing: "no copies" is an answer. */
export function findingLines(findings: DoctorFindings): FindingLine[] {
  const { duplicates, abnormal, leaks, sharedPatients, uncovered, proposal } = findings;
  const copies = duplicates.reduce((sum, { images }) => sum + images.length - 1, 0);
  return [
    {
      id: 'abnormal',
      text: some(abnormal.images.length, 'normal looks abnormal', 'normals look abnormal'),
      tone: abnormal.images.length > 0 ? 'bad' : 'good',
      images: abnormal.images.map(({ image }) => image),
      title:
        'Scored patch by patch against the other normals, each left out of its own references. The hot spot is drawn on the thumbnail.',
    },
    {
      id: 'duplicates',
      text: some(copies, 'near-duplicate', 'near-duplicates'),
      tone: copies > 0 ? 'warning' : 'good',
      images: duplicates.flatMap(({ images }) => images),
      title: 'Normals with the same pixels, or with the same details: the same picture stored again.',
    },
    {
      id: 'leaks',
      text: some(leaks.length, 'query is a normal too', 'queries are normals too'),
      tone: leaks.length > 0 ? 'bad' : 'good',
      images: leaks.flatMap(({ normal, query }) => [normal, query]),
      title: 'The same picture on both sides makes a test look better than it is.',
    },
    ...(sharedPatients.length > 0
      ? [
          {
            id: 'patients' as const,
            text: some(sharedPatients.length, 'patient on both sides', 'patients on both sides'),
            tone: 'bad' as const,
            images: sharedPatients.flatMap(({ normals, queries }) => [...normals, ...queries]),
            title: 'Normals and queries of one patient or lot.',
          },
        ]
      : []),
    {
      id: 'uncovered',
      text: some(uncovered.images.length, 'query without a close normal', 'queries without a close normal'),
      tone: uncovered.images.length > 0 ? 'warning' : 'good',
      images: uncovered.images.map(({ image }) => image),
      title: 'Farther from every normal than normals are from each other, by embedding.',
    },
    {
      id: 'proposal',
      text: proposalText(proposal),
      tone: 'neutral',
      images: [...proposal.add, ...proposal.drop.map(({ image }) => image)],
      title:
        'Drop what looks abnormal, copies, and what others cover as well (greedy k-center); add left-out images that bring queries within reach.',
    },
  ];
}

function proposalText({ add, drop }: DoctorFindings['proposal']): string {
  if (add.length === 0 && drop.length === 0) return 'nothing to add or drop';
  return [
    ...(add.length > 0 ? [`add ${add.length}`] : []),
    ...(drop.length > 0 ? [`drop ${drop.length}`] : []),
  ].join(', ');
}

/** What a run would call abnormal among normals, now and with the proposal; null where it could not be told. */
export function predictionText({ proposal: { falsePositives } }: DoctorFindings): string | null {
  if (falsePositives === null) return null;
  const { images, present, proposed } = falsePositives;
  return `False positives on ${countText(images, 'normal')}: ${present} now, ${proposed} with the proposal.`;
}
