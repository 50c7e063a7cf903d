import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Graph } from '../onnx/graph.ts';
import { writeModel } from '../onnx/write.ts';
import type { Weights } from '../safetensors/weights.ts';
import { withSmallInline } from './sources.ts';
import { writeTogether } from './write-together.ts';

/** Version 20 of the standard operators is the first with an exact GELU. */
const OPERATOR_SETS = { '': 20, 'com.microsoft': 1 };

export interface ConvertedFiles {
  /** Of the ONNX file, which carries the hash of the weights: other weights give another hash. */
  readonly sha256: string;
  /** Of all files together. */
  readonly bytes: number;
  /** Names of the files, all in one folder, the ONNX file first. */
  readonly files: readonly string[];
}

/**
 * Writes a graph whose weights are streamed: `outFile` and `<outFile>.data`. Nothing is left behind on failure.
 * @param throwIfStopped called before each piece of work
 * @param onShare told how much is written, 0 to 1
 */
export async function writeConverted(
  graph: Graph,
  weights: Weights,
  outFile: string,
  family: string,
  throwIfStopped: () => void = () => {},
  onShare: (share: number) => void = () => {},
): Promise<ConvertedFiles> {
  const weightsHash = await hashFiles(weights.files, throwIfStopped);
  const toWrite = graph.initialisers.reduce((sum, { tensor }) => sum + tensor.data.byteLength, 0);
  let done = 0;
  const beforePiece = (bytes: number): void => {
    throwIfStopped();
    done += bytes;
    onShare(Math.min(1, done / toWrite));
  };
  const files = await writeTogether(outFile, async (path) =>
    writeModel(path, await withSmallInline(graph, beforePiece), {
      operatorSets: OPERATOR_SETS,
      documentation: `Converted from ${family} weights with SHA-256 ${weightsHash}. Their licence applies.`,
    }),
  );
  return {
    sha256: createHash('sha256')
      .update(await readFile(outFile))
      .digest('hex'),
    bytes: await totalSize(files.map((name) => join(dirname(outFile), name))),
    files,
  };
}

/** One hash over the contents of files, in their order. */
async function hashFiles(files: readonly string[], beforePiece: () => void): Promise<string> {
  const hash = createHash('sha256');
  for (const file of files) {
    for await (const piece of createReadStream(file, { highWaterMark: 1_048_576 })) {
      beforePiece();
      hash.update(piece as Buffer);
    }
  }
  return hash.digest('hex');
}

export async function totalSize(files: readonly string[]): Promise<number> {
  const sizes = await Promise.all(files.map((file) => stat(file)));
  return sizes.reduce((sum, { size }) => sum + size, 0);
}
