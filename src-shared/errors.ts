/** Failures are values with a kind: the reply carries the kind, the reader's words come from the message. */

export const failureKinds = [
  /** The caller asked for something that does not make sense (bad option, empty study, unknown name). */
  'invalid',
  /** A study, image, run, model ... that does not exist. */
  'not-found',
  /** A file that cannot be read or is not what it claims to be. */
  'unreadable',
  /** Someone pressed cancel. Not an error, but the work has no result. */
  'cancelled',
  /** A graphics card or another device than the CPU cannot do what was asked of it. */
  'device',
  /** The engine process went away (killed, out of memory, driver crash). */
  'engine-gone',
  /** The disk is full, a folder is read-only, a workspace is in use. */
  'storage',
  /** A mistake of ours. */
  'bug',
] as const;

export type FailureKind = (typeof failureKinds)[number];

/** An error a person can act on: one sentence that names the thing and the reason. */
export class Failure extends Error {
  readonly kind: FailureKind;

  constructor(kind: FailureKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'Failure';
    this.kind = kind;
  }
}

/** Anything thrown, as a Failure: ours as it is, file system refusals by their meaning, the rest a bug. */
export function toFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  if (error instanceof Error) {
    const code = (error as Error & { code?: string }).code;
    if (code === 'ENOSPC') return new Failure('storage', 'The disk is full.', { cause: error });
    if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
      return new Failure('storage', `Permission denied: ${error.message}`, { cause: error });
    }
    return new Failure('bug', error.message, { cause: error });
  }
  return new Failure('bug', String(error));
}

/**
 * Where a mistake of ours happened, for a log: what stands in quotation marks is left out of the message, because the
 * system's own errors quote the paths of files, and those name people.
 */
export function traceOf(error: unknown): string {
  if (!(error instanceof Error)) return `a thrown ${typeof error}`;
  const message = `${error.name}: ${error.message}`.replaceAll(/'[^']*'|"[^"]*"/g, '...');
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return [message, ...frames].join('\n');
}
