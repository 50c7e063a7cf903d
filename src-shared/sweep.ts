/** Grids of runs: which settings are varied, and what a sweep knows of its runs. */
import { z } from 'zod';
import { RunId, Scale, Scope, StudyId } from './domain.ts';
import { Failure } from './errors.ts';
import { parametersOf, RunSettings, withFeatures } from './methods/index.ts';
import { Run } from './results.ts';

export const SweepId = z.int().positive().brand<'SweepId'>();
export type SweepId = z.infer<typeof SweepId>;

export const AxisValue = z.union([z.number(), z.string(), z.boolean(), z.null()]);
export type AxisValue = z.infer<typeof AxisValue>;

/** What is varied (`model`, `size`, `layer`, `layers` as 2+3, or a parameter of the method by its name) and its values. */
export const Axis = z.object({ name: z.string().min(1), values: z.array(AxisValue).min(1).max(64) });
export type Axis = z.infer<typeof Axis>;

/** One run of a sweep: `row` is the line of the results it belongs to; runs of one row are averaged. */
export const SweepPoint = z.object({ row: z.string(), settings: RunSettings });
export type SweepPoint = z.infer<typeof SweepPoint>;

export const SweepPlan = z.object({
  /** Id of the protocol it follows; null for a free grid. */
  protocol: z.string().nullable(),
  scale: Scale,
  scope: Scope,
  axes: z.array(Axis),
});
export type SweepPlan = z.infer<typeof SweepPlan>;

export const SweepFigures = z.object({
  pixelAuroc: z.number().nullable(),
  pixelAp: z.number().nullable(),
  pixelF1max: z.number().nullable(),
  aupro: z.number().nullable(),
  imageAuroc: z.number().nullable(),
  imageAp: z.number().nullable(),
  imageF1max: z.number().nullable(),
});
export type SweepFigures = z.infer<typeof SweepFigures>;
export const sweepFigureLabels: Readonly<Record<keyof SweepFigures, string>> = {
  pixelAuroc: 'px AUROC',
  pixelAp: 'px AP',
  pixelF1max: 'px F1',
  aupro: 'PRO 0.3',
  imageAuroc: 'img AUROC',
  imageAp: 'img AP',
  imageF1max: 'img F1',
};

/** A study of a sweep: in a protocol one category of a data set. */
export const SweepPart = z.object({
  studyId: StudyId,
  /** Name of the study. */
  study: z.string(),
  /** Data set whose published numbers stand beside; null where none are. */
  dataSet: z.string().nullable(),
  /** Of a protocol: which images were references and which were tested; null in a free grid. */
  split: z
    .object({
      /** `data set`: the one its folders came with, whatever roles were given since. `roles`: its folders had none. */
      source: z.enum(['data set', 'roles']),
      references: z.int(),
      queries: z.int(),
      /** Of the pixels of both, of labels and masks. */
      sha256: z.string(),
    })
    .nullable(),
});
export type SweepPart = z.infer<typeof SweepPart>;

/** A study a protocol is to run on. */
export const ProtocolPart = SweepPart.pick({ studyId: true, dataSet: true });
export type ProtocolPart = z.infer<typeof ProtocolPart>;

export const Sweep = z.object({
  id: SweepId,
  name: z.string(),
  createdAt: z.iso.datetime(),
  plan: SweepPlan,
  parts: z.array(SweepPart),
  runs: z.array(
    z.object({
      runId: RunId,
      studyId: StudyId,
      model: z.string(),
      row: z.string(),
      state: Run.shape.state,
      done: z.int(),
      total: z.int(),
      /** Null until the run has finished and was evaluated. */
      figures: SweepFigures.nullable(),
    }),
  ),
});
export type Sweep = z.infer<typeof Sweep>;

/** The line of a sweep that a run is. */
export const SweepMembership = z.object({
  sweepId: SweepId,
  row: z.string(),
  protocol: z.string().nullable(),
  dataSet: z.string().nullable(),
});
export type SweepMembership = z.infer<typeof SweepMembership>;

function valueOf(written: string): AxisValue {
  if (written === 'true' || written === 'false') return written === 'true';
  if (written === 'full' || written === 'none' || written === 'output') return null;
  return written !== '' && Number.isFinite(Number(written)) ? Number(written) : written;
}

/**
 * An axis as people write it: "k=1,2,3". `full`, `none` and `output` (of the model) stand for no number.
 * @throws Failure('invalid') for anything else
 */
export function axisFrom(written: string): Axis {
  const [name, values] = written.split('=').map((side) => side.trim());
  if (!name || !values) throw new Failure('invalid', `"${written}" is not of the form name=value,value.`);
  return { name, values: values.split(',').map((value) => valueOf(value.trim())) };
}

/** Runs a sweep may have: a slip of the keyboard must not queue a week. */
const mostPoints = 200;

const text = (value: AxisValue): string => (value === null ? 'full' : String(value));

/**
 * Settings with one of them set by its name.
 * @throws Failure('invalid') when the method has no such parameter, or not this value
 */
function withValue(settings: RunSettings, name: string, value: AxisValue): RunSettings {
  const refuse = (reason: string) => new Failure('invalid', `${name} = ${text(value)}: ${reason}.`);
  const changed = (): unknown => {
    if (name === 'model' && typeof value === 'string') return withFeatures(settings, { model: value });
    if (name === 'size' && typeof value === 'number') return withFeatures(settings, { size: value });
    if (name === 'layer' && (typeof value === 'number' || value === null))
      return withFeatures(settings, { layers: value === null ? [] : [value] });
    if (name === 'layers') {
      if (!('layers' in settings)) throw refuse(`${settings.method} takes one layer: vary layer`);
      return withFeatures(settings, { layers: value === null ? [] : String(value).split('+').map(Number) });
    }
    const parameter = parametersOf(settings).find((one) => one.name === name);
    if (!parameter) {
      const known = [
        'model',
        'size',
        'layer',
        'layers',
        ...parametersOf(settings).map((one) => one.name),
      ].join(', ');
      throw refuse(`${settings.method} has no such parameter (${known})`);
    }
    switch (parameter.kind) {
      case 'number':
        if (typeof value !== 'number' && value !== null) throw refuse('a number was expected');
        return parameter.with(value);
      case 'toggle':
        if (typeof value !== 'boolean') throw refuse('true or false was expected');
        return parameter.with(value);
      case 'choice':
        if (!parameter.options.some((option) => option.value === value))
          throw refuse(`one of ${parameter.options.map((option) => option.value).join(', ')} was expected`);
        return parameter.with(String(value));
    }
  };
  const parsed = RunSettings.safeParse(changed());
  if (!parsed.success) throw refuse(parsed.error.issues[0]?.message ?? 'not valid');
  return parsed.data;
}

/**
 * Every combination of the axes' values on top of the same settings, the last axis turning fastest.
 * @throws Failure('invalid') for an unknown parameter or value, or for more than 200 runs
 */
export function gridPoints(base: RunSettings, axes: readonly Axis[]): SweepPoint[] {
  let points: SweepPoint[] = [{ row: '', settings: base }];
  for (const { name, values } of axes) {
    if (points.length * values.length > mostPoints)
      throw new Failure('invalid', `A sweep of more than ${mostPoints} runs is not started.`);
    points = points.flatMap(({ row, settings }) =>
      values.map((value) => ({
        row: [row, `${name} ${text(value)}`].filter((part) => part !== '').join(', '),
        settings: withValue(settings, name, value),
      })),
    );
  }
  return points.map(({ row, settings }) => ({ row: row === '' ? 'all as set' : row, settings }));
}
