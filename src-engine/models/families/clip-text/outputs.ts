/** Names of a text encoder's input and outputs. */

import type { GraphBuilder, Value } from '../../onnx/graph.ts';

/** int64 [batch, tokens]; what stands behind the end of a text changes nothing. */
export const TEXT_INPUT = 'ids';

export const TEXT_OUTPUTS = {
  /** [batch, projection], not normalised. */
  embedding: 'text_embedding',
  /** Position of the end of each text, int64 [batch]. */
  position: 'pooled_position',
  /** The state there, [batch, hidden]. */
  pooled: 'pooled',
  /** [batch, tokens, hidden] after the final norm. */
  lastState: 'last_hidden_state',
  /** The same before the first block (0) and after block n. */
  state: (n: number): string => `hidden_state_${n}`,
} as const;

/** Declares an output; `width` is null for positions. */
export function declareTextOutput(
  graph: GraphBuilder,
  value: Value,
  name: string,
  width: number | null,
): void {
  const hasTokens = name.includes('state');
  const output = graph.node('Identity', [value], {}, { name });
  if (width === null) graph.output(output, 'int64', ['batch']);
  else graph.output(output, 'float32', hasTokens ? ['batch', 'tokens', width] : ['batch', width]);
}
