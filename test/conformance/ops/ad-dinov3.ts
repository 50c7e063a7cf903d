import { z } from 'zod';
import { batchGradient, type ImageGroup, textOfImages } from '#engine/adapters/batch-gradient.ts';
import {
  type LevelFeatures,
  openScoringSession,
  openTrainingSession,
} from '#engine/adapters/level-sessions.ts';
import { canFold } from '#engine/adapters/graph/forward.ts';
import {
  adamStep,
  type AdapterWeights,
  adaptText,
  type ForwardOptions,
  fusedScore,
  fuseLevels,
  type LossOptions,
  parametersOf,
  zeroMoments,
} from '#engine/methods/ad-dinov3/index.ts';
import { resizeBilinear } from '#shared/anomaly-map.ts';
import type { CaseInputs } from '../fixture.ts';
import type { Operations, Results } from '../operation.ts';
import { part, parts } from './arrays.ts';

const pair = z.tuple([z.number(), z.number()]);

function forwardOptions(inputs: CaseInputs): ForwardOptions {
  return {
    slope: inputs.number('slope'),
    activatesOutput: inputs.setting('out_activation', z.boolean()),
    imageResidual: inputs.number('residual_image'),
    textResidual: inputs.number('residual_text'),
    logitScale: inputs.number('logit_scale'),
    calibrationScale: inputs.number('aacm_scale'),
  };
}

const lossOptions = (inputs: CaseInputs): LossOptions => ({
  gamma: inputs.number('gamma'),
  focalSmooth: inputs.number('focal_smooth'),
  diceSmooth: inputs.number('dice_smooth'),
  textWeight: inputs.number('lambda_cm'),
  calibrationWeight: inputs.number('lambda_aacm'),
});

/** What every operation but the optimiser alone is given. */
function read(inputs: CaseInputs) {
  const [rows, columns] = inputs.setting('grid', pair);
  const [height, width] = inputs.setting('output_size', pair);
  const [w1, w2] = [inputs.floats('image_w1'), inputs.floats('image_w2')];
  const [, bottleneck = 0, image = 0] = w1.shape;
  const text = inputs.floats('text');
  const dimension = text.shape[2] ?? 0;
  const weights: AdapterWeights = {
    levels: parts(w1).map(({ data }, level) => ({ w1: data.slice(), w2: part(w2, level).data.slice() })),
    text: { w1: inputs.floats('text_w1').data.slice(), w2: inputs.floats('text_w2').data.slice() },
  };
  const classes = Array.from(inputs.array('class_index').data, Number);
  const patches = parts(inputs.floats('patches'));
  const cls = parts(inputs.floats('cls'));
  const features = (level: number, from: number, to: number): LevelFeatures => {
    const [patchSize, clsSize] = [rows * columns * image, image];
    return {
      images: to - from,
      patches: patches[level]!.data.subarray(from * patchSize, to * patchSize),
      cls: cls[level]!.data.subarray(from * clsSize, to * clsSize),
    };
  };
  return {
    shape: { image, text: dimension, bottleneck, rows, columns },
    mask: { height, width },
    text: text.data,
    weights,
    classes,
    features,
    forward: forwardOptions(inputs),
    losses: lossOptions(inputs),
  };
}

type Case = ReturnType<typeof read>;

async function forward(inputs: CaseInputs): Promise<Results> {
  const { shape, mask, text, weights, classes, features, forward: options } = read(inputs);
  const { rows, columns } = shape;
  const adapted = adaptText(text, shape.text, weights.text, options);
  const own = textOfImages(adapted.unit, shape.text, classes);
  const product = await openScoringSession(shape, options, 'cpu');
  const plain = canFold(options) ? await openScoringSession(shape, options, 'cpu', false) : product;
  const names = ['probability', 'calibration', 'normal', 'abnormal', 'of_cls'] as const;
  const levels = await Promise.all(
    weights.levels.map(async (layers, level) => {
      const given = features(level, 0, classes.length);
      const scored = await product.run(given, own, layers, names);
      const vectors = await plain.run(given, own, layers, ['adapted_patches', 'adapted_cls']);
      return new Map([...scored, ...vectors]);
    }),
  );
  const joined = (name: string): number[] => levels.flatMap((level) => [...level.get(name)!]);
  const [normal, abnormal] = [joined('normal'), joined('abnormal')];
  const patches = rows * columns;
  const fused = classes.map((_, image) =>
    fuseLevels(
      levels.map((level) => level.get('probability')!.subarray(image * patches, (image + 1) * patches)),
      rows,
      columns,
    ),
  );
  return {
    adapted_patches: joined('adapted_patches'),
    adapted_cls: joined('adapted_cls'),
    adapted_text: adapted.adapted,
    cosine: normal.flatMap((value, i) => [value, abnormal[i]!]),
    level_probability: joined('probability'),
    aacm_cosine: joined('of_cls'),
    aacm_probability: joined('calibration'),
    fused_map: fused.flatMap((map) => [...resizeBilinear(map, mask.height, mask.width).data]),
    image_score: fused.map((map) => fusedScore(map, mask.height, mask.width)),
  };
}

/** Two images a run, so that the sum over runs is checked too. */
const IMAGES_A_RUN = 2;

function groupsOf({ classes, features, mask }: Case, masks: Uint8Array): ImageGroup[] {
  const pixels = mask.height * mask.width;
  return Array.from({ length: Math.ceil(classes.length / IMAGES_A_RUN) }, (_, group) => {
    const from = group * IMAGES_A_RUN;
    const to = Math.min(from + IMAGES_A_RUN, classes.length);
    return {
      classes: classes.slice(from, to),
      masks: masks.subarray(from * pixels, to * pixels),
      level: async (level) => features(level, from, to),
    };
  });
}

async function gradientOf(inputs: CaseInputs) {
  const given = read(inputs);
  const { shape, mask, text, weights, forward: options, losses } = given;
  const session = await openTrainingSession(shape, mask, options, losses, 'cpu');
  const groups = groupsOf(given, inputs.bytes('masks').data);
  return { given, step: () => batchGradient(session, weights, shape, text, groups, options, losses) };
}

const joinedWeights = ({ levels, text }: AdapterWeights, prefix: string): Results => ({
  [`${prefix}_image_w1`]: levels.flatMap(({ w1 }) => [...w1]),
  [`${prefix}_image_w2`]: levels.flatMap(({ w2 }) => [...w2]),
  [`${prefix}_text_w1`]: text.w1,
  [`${prefix}_text_w2`]: text.w2,
});

async function loss(inputs: CaseInputs): Promise<Results> {
  const { step } = await gradientOf(inputs);
  const { losses, gradients } = await step();
  const sum = (...lists: (readonly number[])[]) => lists.flat().reduce((total, value) => total + value, 0);
  return {
    focal_cm: losses.focal,
    dice_cm: losses.dice,
    focal_aacm: losses.calibrationFocal,
    dice_aacm: losses.calibrationDice,
    loss_cm: sum(losses.focal, losses.dice),
    loss_aacm: sum(losses.calibrationFocal, losses.calibrationDice),
    loss: losses.total,
    ...joinedWeights(gradients, 'grad'),
  };
}

async function adam(inputs: CaseInputs): Promise<Results> {
  const options = {
    learningRate: inputs.number('lr'),
    beta1: inputs.number('beta1'),
    beta2: inputs.number('beta2'),
    epsilon: inputs.number('eps'),
  };
  const steps = inputs.numbers('steps');
  if (inputs.has('parameter')) {
    const parameter = inputs.floats('parameter').data.slice();
    const moments = zeroMoments([parameter]);
    const after = parts(inputs.floats('gradients')).flatMap(({ data }, index) => {
      adamStep([parameter], [data], moments, index + 1, options);
      return [...parameter];
    });
    return { parameters: after };
  }
  const { given, step } = await gradientOf(inputs);
  const parameters = parametersOf(given.weights);
  const moments = zeroMoments(parameters);
  const before: number[] = [];
  const after: Results[] = [];
  for (let number = 1; number <= Math.max(...steps); number++) {
    const { losses, gradients } = await step();
    before.push(losses.total);
    adamStep(parameters, parametersOf(gradients), moments, number, options);
    if (steps.includes(number)) after.push(joinedWeights(copyOf(given.weights), `step${number}`));
  }
  return Object.assign({ loss_before_step: before }, ...after) as Results;
}

const copyOf = ({ levels, text }: AdapterWeights): AdapterWeights => ({
  levels: levels.map(({ w1, w2 }) => ({ w1: w1.slice(), w2: w2.slice() })),
  text: { w1: text.w1.slice(), w2: text.w2.slice() },
});

export const adDinov3Operations: Operations = {
  'ad-dinov3.forward': forward,
  'ad-dinov3.loss': loss,
  'ad-dinov3.adam': adam,
};
