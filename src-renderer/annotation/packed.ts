/** Label maps as they travel and are stored: raw deflate, base64. */
import type { PackedLabels, PackedPatch } from '#shared/annotation.ts';
import type { Patch } from './label-map.ts';

async function through(bytes: Uint8Array, stream: CompressionStream | DecompressionStream) {
  const result = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream().pipeThrough(stream);
  return new Uint8Array(await new Response(result).arrayBuffer());
}

/** Longer argument lists overflow the stack. */
const chunk = 0x8000;

export async function pack(bytes: Uint8Array): Promise<PackedLabels> {
  const small = await through(bytes, new CompressionStream('deflate-raw'));
  let text = '';
  for (let i = 0; i < small.length; i += chunk) text += String.fromCharCode(...small.subarray(i, i + chunk));
  return btoa(text);
}

export const unpack = (labels: PackedLabels): Promise<Uint8Array> =>
  through(
    Uint8Array.from(atob(labels), (character) => character.charCodeAt(0)),
    new DecompressionStream('deflate-raw'),
  );

export async function packPatch({ rectangle, before, after }: Patch): Promise<PackedPatch> {
  return { rectangle, before: await pack(before), after: await pack(after) };
}

export async function unpackPatch({ rectangle, before, after }: PackedPatch): Promise<Patch> {
  return { rectangle, before: await unpack(before), after: await unpack(after) };
}
