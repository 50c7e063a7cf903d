import { Failure } from '#shared/errors.ts';

/** Where a person's Hugging Face token is: never in the workspace, never in a log, never in clear on the disk. */
export interface TokenKeeper {
  readonly place: 'key-store' | 'memory' | 'environment';
  read(): string | null;
  /** @throws Failure('invalid') for what cannot be a token, or when the environment gives it */
  write(token: string | null): void;
}

const tokenPattern = /^hf_[A-Za-z0-9]{8,128}$/;

/** @throws Failure('invalid') without repeating what was typed */
export function checkToken(token: string): string {
  if (!tokenPattern.test(token))
    throw new Failure(
      'invalid',
      'That is no Hugging Face token: they begin with hf_ and hold letters and digits.',
    );
  return token;
}

/** For as long as Nidus runs; `HF_TOKEN` where it is set. */
export function tokenInMemory(environment: NodeJS.ProcessEnv = process.env): TokenKeeper {
  const given = environment['HF_TOKEN'];
  if (given !== undefined && given !== '') {
    return {
      place: 'environment',
      read: () => given,
      write() {
        throw new Failure('invalid', 'The token comes from HF_TOKEN: change it there.');
      },
    };
  }
  let kept: string | null = null;
  return {
    place: 'memory',
    read: () => kept,
    write(token) {
      kept = token === null ? null : checkToken(token);
    },
  };
}
