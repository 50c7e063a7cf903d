import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { strToU8, Zip, ZipPassThrough } from 'fflate';

/** Files between two turns: whoever waits for main meanwhile waits for these only. */
const filesAtOnce = 32;

/** A ZIP that is written file by file, stored and not compressed, with the SHA-256 of each in `SHA256SUMS` at its end. */
export function openArchive() {
  const chunks: Uint8Array[] = [];
  const sums: string[] = [];
  let problem: Error | null = null;
  const zip = new Zip((error, chunk) => {
    if (error) problem = error;
    else chunks.push(chunk);
  });
  let files = 0;

  const write = (name: string, content: Uint8Array): void => {
    const entry = new ZipPassThrough(name);
    zip.add(entry);
    entry.push(content, true);
  };

  return {
    async add(name: string, content: Uint8Array | string): Promise<void> {
      const bytes = typeof content === 'string' ? strToU8(content) : content;
      sums.push(`${createHash('sha256').update(bytes).digest('hex')}  ${name}`);
      write(name, bytes);
      if (++files % filesAtOnce === 0) await nextTurn();
    },
    finish(): Uint8Array {
      write('SHA256SUMS', strToU8(`${sums.join('\n')}\n`));
      zip.end();
      if (problem) throw problem;
      return new Uint8Array(Buffer.concat(chunks));
    },
  };
}

export type Archive = ReturnType<typeof openArchive>;
