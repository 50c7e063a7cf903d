import type { Threshold } from '#shared/decision.ts';
import type { GroundTruth, ImageId, Model, Scale, Study } from '#shared/domain.ts';
import type { Intervals } from '#shared/evaluation.ts';
import type { Evaluation, Run, StageTimes } from '#shared/results.ts';

/** JPEG pictures of one image, side by side in the report. */
export interface ReportPanel {
  readonly imageId: ImageId;
  readonly name: string;
  readonly label: string;
  readonly truth: GroundTruth;
  readonly imageScore: number;
  readonly supportId: ImageId | null;
  readonly supportName: string | null;
  readonly supportSimilarity: number | null;
  readonly figures: Evaluation['perImage'][number] | undefined;
  readonly pictures: {
    readonly query: Uint8Array;
    readonly support: Uint8Array | null;
    readonly map: Uint8Array;
    readonly truth: Uint8Array | null;
  };
}

/** All a report says; `reportDocument` only lays it out. */
export interface ReportData {
  readonly study: Study;
  readonly run: Run;
  /** Undefined when it was removed after the run. */
  readonly model: Model | undefined;
  readonly evaluation: Evaluation;
  readonly intervals: Intervals;
  /** The decision the run refers to. */
  readonly threshold: Threshold | null;
  readonly scale: Scale;
  readonly device: string;
  readonly times: StageTimes;
  readonly referenceSetHash: string | null;
  readonly panels: readonly ReportPanel[];
  /** Colour range of every map in the report. */
  readonly range: { readonly low: number; readonly high: number };
  readonly colourBar: Uint8Array;
  readonly createdAt: Date;
  readonly nidusVersion: string;
}
