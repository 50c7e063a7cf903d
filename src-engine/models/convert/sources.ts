/** What happens to the weights of a finished graph on their way to the disk. */

import type { Graph, Initialiser } from '../onnx/graph.ts';
import { concatenate } from '../onnx/protobuf.ts';
import type { ByteSource } from '../onnx/tensors.ts';

/** Tensors up to this size go into the ONNX file: beside it each would take a page of its own. */
const INLINE_BYTES = 65_536;

/** Reads small tensors into the graph; large ones stay sources that call `beforePiece` on each piece. */
export async function withSmallInline(graph: Graph, beforePiece: (bytes: number) => void): Promise<Graph> {
  const initialisers: Initialiser[] = [];
  for (const { name, tensor } of graph.initialisers) {
    const { data } = tensor;
    const read = data instanceof Uint8Array ? data : await smallOrWatched(data, beforePiece);
    initialisers.push({ name, tensor: { ...tensor, data: read } });
  }
  return { ...graph, initialisers };
}

async function smallOrWatched(
  source: ByteSource,
  beforePiece: (bytes: number) => void,
): Promise<Uint8Array | ByteSource> {
  if (source.byteLength <= INLINE_BYTES) {
    const pieces: Uint8Array[] = [];
    for await (const piece of source.read()) pieces.push(piece);
    return concatenate(pieces);
  }
  return {
    byteLength: source.byteLength,
    async *read() {
      for await (const piece of source.read()) {
        beforePiece(piece.byteLength);
        yield piece;
      }
    },
  };
}
