/** The two graphs of a level as bytes of a model: scoring, and training (forward, losses, backward). Weights are inputs. */

import type { ForwardOptions, LossOptions } from '#engine/methods/ad-dinov3/index.ts';
import { encodeModel } from '../../models/onnx/encode.ts';
import { GraphBuilder } from '../../models/onnx/graph.ts';
import { backward } from './backward.ts';
import { expressionsOf } from './expressions.ts';
import { forward, type LevelInputs, type LevelSize } from './forward.ts';
import { lossOf, type MaskSize } from './loss.ts';

const HEADER = { operatorSets: { '': 17 } };

function begin(name: string, size: LevelSize) {
  const graph = new GraphBuilder(name);
  const { image, text, bottleneck } = size;
  const inputs: LevelInputs = {
    patches: graph.input('patches', 'float32', ['patches', image]),
    cls: graph.input('cls', 'float32', ['images', image]),
    text: graph.input('text', 'float32', ['images', 2, text]),
    w1: graph.input('w1', 'float32', [bottleneck, image]),
    w2: graph.input('w2', 'float32', [text, bottleneck]),
  };
  return { graph, inputs, on: expressionsOf(graph) };
}

/** `probability` and `calibration` [images, patches, 1], and the cosines; adapted vectors in the plain form only. */
export function scoringGraph(size: LevelSize, options: ForwardOptions, folds: boolean): Uint8Array {
  const { graph, inputs, on } = begin('ad-dinov3-scoring', size);
  const passed = forward(on, size, inputs, options, folds);
  const patches = size.rows * size.columns;
  const { probability, calibration, cosines, form, cls } = passed;
  const perPatch = { probability, calibration, normal: cosines[0], abnormal: cosines[1], of_cls: cosines[2] };
  for (const [name, value] of Object.entries(perPatch)) {
    graph.output(on.named(name, value), 'float32', ['images', patches, 1]);
  }
  graph.output(on.named('adapted_cls', cls.adapted), 'float32', ['images', size.text]);
  if (form.kind === 'plain') {
    graph.output(on.named('adapted_patches', form.patches.adapted), 'float32', ['patches', size.text]);
  }
  return encodeModel(graph.build(), HEADER);
}

/**
 * Gradients `ofW1`, `ofW2`, `ofText` [images, text] and the four losses (focal and Dice of text maps, of CLS maps) of a
 * run of some images of a batch; `share` is 1 / images of the batch, so that runs add up.
 */
export function trainingGraph(
  size: LevelSize,
  maskSize: MaskSize,
  options: ForwardOptions,
  losses: LossOptions,
  folds: boolean,
): Uint8Array {
  const { graph, inputs, on } = begin('ad-dinov3-training', size);
  const masks = graph.input('masks', 'uint8', ['images', maskSize.height, maskSize.width]);
  const share = graph.input('share', 'float32', []);
  const passed = forward(on, size, inputs, options, folds);
  const lossOfMap = lossOf(on, size, maskSize, masks, share, losses);
  const ofText = lossOfMap(passed.probability);
  const ofCls = lossOfMap(passed.calibration);
  const gradients = backward(on, size, inputs, passed, ofText.gradient, ofCls.gradient, options, losses);
  graph.output(on.named('ofW1', gradients.w1), 'float32', [size.bottleneck, size.image]);
  graph.output(on.named('ofW2', gradients.w2), 'float32', [size.text, size.bottleneck]);
  graph.output(on.named('ofText', gradients.text), 'float32', ['images', size.text]);
  const four = [ofText.focal, ofText.dice, ofCls.focal, ofCls.dice].map((loss) => on.reshape(loss, 1));
  graph.output(on.named('losses', on.join(0, ...four)), 'float32', [4]);
  return encodeModel(graph.build(), HEADER);
}
