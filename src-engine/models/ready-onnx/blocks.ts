/** Finds the output of every block of a Vision Transformer in a graph, by its structure: names differ between exporters. */

import type { ReadModel, ReadNode } from './read.ts';

/** Operators that pass a value on. */
const PASSING = new Set(['Identity', 'Cast', 'Dropout']);

export interface Blocks {
  /** Values after each block, before the final norm, first block first. */
  readonly outputs: readonly string[];
  /** Nodes of the final norm, in the order of the graph: from the last block's output to the tokens. */
  readonly norm: readonly ReadNode[];
}

/**
 * A block adds the outcome of attention, then that of an MLP, to the tokens it was given. So every second sum counts whose one
 * term is what the other was computed from.
 * @param tokens the output of the whole model, after the final norm
 * @param depth number of blocks
 * @returns null when the graph is built in another way
 */
export function blocksOf({ nodes, constants }: ReadModel, tokens: string, depth: number): Blocks | null {
  const producers = new Map(nodes.flatMap((node) => node.outputs.map((output) => [output, node] as const)));

  const dependsOn = (value: string, ancestor: string): boolean => {
    const seen = new Set<string>();
    const open = [value];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (next === ancestor) return true;
      if (seen.has(next)) continue;
      seen.add(next);
      open.push(...(producers.get(next)?.inputs ?? []));
    }
    return false;
  };

  /** The two terms of such a sum, the older first. */
  const termsOf = (value: string): readonly [string, string] | null => {
    const node = producers.get(value);
    if (node?.operator !== 'Add' || node.inputs.some((input) => constants.has(input))) return null;
    const [a, b] = node.inputs as readonly [string, string];
    if (dependsOn(b, a)) return [a, b];
    return dependsOn(a, b) ? [b, a] : null;
  };

  /** The nearest such sum that a value was computed from. */
  const lastSum = (value: string): string | null => {
    const seen = new Set<string>();
    let layer = [value];
    while (layer.length > 0) {
      const found = layer.find((one) => termsOf(one) !== null);
      if (found !== undefined) return found;
      for (const one of layer) seen.add(one);
      layer = layer.flatMap((one) => producers.get(one)?.inputs ?? []).filter((one) => !seen.has(one));
    }
    return null;
  };

  const last = lastSum(tokens);
  if (last === null) return null;
  const sums: string[] = [];
  for (let at: string | undefined = last; at !== undefined && sums.length < 2 * depth;) {
    const terms = termsOf(at);
    if (terms) sums.push(at);
    const node = producers.get(at);
    at = terms?.[0] ?? (node && PASSING.has(node.operator) ? node.inputs[0] : undefined);
  }
  if (sums.length !== 2 * depth) return null;
  const outputs = sums.filter((_, index) => index % 2 === 0).toReversed();
  return { outputs, norm: nodesBetween(nodes, last, tokens) };
}

/** Nodes that a value needs and that need another one. */
function nodesBetween(nodes: readonly ReadNode[], from: string, to: string): readonly ReadNode[] {
  const after = new Set([from]);
  const downstream = nodes.filter((node) => {
    if (!node.inputs.some((input) => after.has(input))) return false;
    for (const output of node.outputs) after.add(output);
    return true;
  });
  const needed = new Set([to]);
  const between: ReadNode[] = [];
  for (const node of downstream.toReversed()) {
    if (!node.outputs.some((output) => needed.has(output))) continue;
    for (const input of node.inputs) needed.add(input);
    between.push(node);
  }
  return between.toReversed();
}
