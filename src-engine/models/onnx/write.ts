/** Writes a model to disk; weights that come from byte sources go to a second file, streamed. */

import { open, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { Failure } from '#shared/errors.ts';
import { encodeModel, type ExternalLocation, type ModelHeader } from './encode.ts';
import type { Graph, Initialiser } from './graph.ts';
import type { ByteSource } from './tensors.ts';

/** Offsets are multiples of the largest page size in use, so that the runtime may map the weights into memory. */
const ALIGNMENT = 65_536;

/**
 * Writes `path` and, when the graph has tensors read from sources, `<path>.data` beside it.
 * @throws Failure `unreadable` when a source gives another number of bytes than it promised.
 */
export async function writeModel(path: string, graph: Graph, header: ModelHeader): Promise<void> {
  const streamed = graph.initialisers.filter(isStreamed);
  const external = planExternal(streamed, `${basename(path)}.data`);
  if (streamed.length > 0) {
    await using file = await open(`${path}.data`, 'w');
    for (const { name, tensor } of streamed) {
      const { offset, length } = external.get(name)!;
      let position = offset;
      for await (const chunk of tensor.data.read()) {
        await file.write(chunk, 0, chunk.byteLength, position);
        position += chunk.byteLength;
      }
      if (position !== offset + length) {
        throw new Failure('unreadable', `Tensor ${name} gave ${position - offset} of its ${length} bytes.`);
      }
    }
  }
  await writeFile(path, encodeModel(graph, header, external));
}

type StreamedInitialiser = Initialiser & { readonly tensor: { readonly data: ByteSource } };

function isStreamed(initialiser: Initialiser): initialiser is StreamedInitialiser {
  return !(initialiser.tensor.data instanceof Uint8Array);
}

function planExternal(
  initialisers: readonly StreamedInitialiser[],
  location: string,
): Map<string, ExternalLocation> {
  const plan = new Map<string, ExternalLocation>();
  let offset = 0;
  for (const { name, tensor } of initialisers) {
    const length = tensor.data.byteLength;
    plan.set(name, { location, offset, length });
    offset = Math.ceil((offset + length) / ALIGNMENT) * ALIGNMENT;
  }
  return plan;
}
