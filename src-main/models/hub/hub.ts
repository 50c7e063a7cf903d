/** The Hugging Face hub: the only network Nidus uses, and only when a person asks for a download. */
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { downloadFile, listFiles, modelInfo } from '@huggingface/hub';
import type { Precision } from '#shared/model-description.ts';
import type { HubState } from '#shared/model-import.ts';
import { chooseFiles, type HubEntry, type HubFile } from './choose-files.ts';
import { fetchFile, isComplete } from './fetch-file.ts';
import { withPatience } from './patience.ts';
import { hubFailure } from './refusals.ts';
import type { TokenKeeper } from './token.ts';

/** As the hub's own tools let one name another. */
export const hubAddress = (environment: NodeJS.ProcessEnv = process.env): string =>
  (environment['HF_ENDPOINT'] ?? 'https://huggingface.co').replace(/\/+$/, '');

export interface HubRequest {
  readonly repository: string;
  readonly revision: string;
  readonly precision: Precision;
}

/** A revision as it was when it was asked for: what is fetched later is of the same commit. */
export interface HubSnapshot {
  readonly repository: string;
  readonly commit: string;
  readonly files: readonly HubFile[];
}

export interface Progress {
  readonly done: number;
  readonly total: number;
}

export function openHub(address: string, token: TokenKeeper) {
  const host = new URL(address).host;

  /** What every call of the hub's client takes. */
  const common = (signal: AbortSignal) => {
    const accessToken = token.read();
    return {
      hubUrl: address,
      fetch: ((input, init) =>
        fetch(input, {
          ...init,
          signal: init?.signal ? AbortSignal.any([signal, init.signal]) : signal,
        })) as typeof fetch,
      ...(accessToken === null ? {} : { accessToken }),
    };
  };

  const asked = async <T>(repository: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> => {
    try {
      return await withPatience(work, signal);
    } catch (error) {
      throw hubFailure(error, {
        host,
        repository,
        hasToken: token.read() !== null,
        cancelled: signal.aborted,
      });
    }
  };

  return {
    host,
    state: (): HubState => ({ host, token: token.read() === null ? 'none' : token.place }),
    /** @throws Failure('invalid') for what cannot be a token */
    setToken(next: string | null): HubState {
      token.write(next);
      return { host, token: next === null ? 'none' : token.place };
    },
    page: (repository: string): string => `${address}/${repository}`,

    /** @throws Failure that says what the person can do: accept the licence, give a token, mend the name */
    look: ({ repository, revision, precision }: HubRequest, signal: AbortSignal): Promise<HubSnapshot> =>
      asked(repository, signal, async () => {
        const { sha: commit } = await modelInfo({
          ...common(signal),
          name: repository,
          revision,
          additionalFields: ['sha'],
        });
        const entries: HubEntry[] = [];
        const listed = listFiles({ ...common(signal), repo: repository, revision: commit, recursive: true });
        for await (const entry of listed) entries.push(entry);
        return { repository, commit, files: chooseFiles(repository, entries, precision) };
      }),

    /** Fetches what is not there yet into a folder; what arrived before a broken line is not fetched again. */
    async fetch(
      { repository, commit, files }: HubSnapshot,
      folder: string,
      signal: AbortSignal,
      onProgress: (progress: Progress) => void,
    ): Promise<void> {
      const total = files.reduce((sum, { size }) => sum + size, 0);
      let before = 0;
      for (const file of files) {
        const target = join(folder, file.path);
        await mkdir(dirname(target), { recursive: true });
        if (!(await isComplete(target, file))) {
          const opened = () =>
            downloadFile({
              ...common(signal),
              repo: repository,
              path: file.path,
              revision: commit,
              xet: false,
            });
          await asked(repository, signal, () =>
            fetchFile(file, target, opened, signal, (bytes) => onProgress({ done: before + bytes, total })),
          );
        }
        before += file.size;
        onProgress({ done: before, total });
      }
    },
  };
}

export type Hub = ReturnType<typeof openHub>;
