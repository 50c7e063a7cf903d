import { HubApiError } from '@huggingface/hub';
import { Failure } from '#shared/errors.ts';

interface Asked {
  readonly host: string;
  readonly repository: string;
  readonly hasToken: boolean;
  readonly cancelled: boolean;
}

/** What went wrong with the hub, as something a person can act on. Addresses stay out: they may be signed. */
export function hubFailure(error: unknown, { host, repository, hasToken, cancelled }: Asked): Failure {
  if (cancelled) return new Failure('cancelled', 'The download was cancelled.');
  if (error instanceof Failure) return error;
  if (error instanceof HubApiError) return refusal(error.statusCode, host, repository, hasToken);
  const status = /status (\d{3})/.exec(String(error))?.[1];
  if (status !== undefined) return refusal(Number(status), host, repository, hasToken);
  const { code } = (error instanceof Error ? (error.cause ?? error) : {}) as { code?: string };
  if (code === 'ENOSPC') return new Failure('storage', 'The disk is full.');
  return new Failure(
    'not-found',
    `${host} could not be reached, or the line broke${code === undefined ? '' : ` (${code})`}. Try again: what has arrived is kept.`,
  );
}

function refusal(status: number, host: string, repository: string, hasToken: boolean): Failure {
  if (status === 401 || status === 403) {
    return new Failure(
      'invalid',
      hasToken
        ? `The token may not read ${repository}: accept its licence at https://${host}/${repository}, and let the token read gated repositories.`
        : `${repository} needs your own Hugging Face token: accept its licence at https://${host}/${repository}, then give Nidus a token.`,
    );
  }
  if (status === 404)
    return new Failure('not-found', `There is no model ${repository} of this revision on ${host}.`);
  return new Failure('not-found', `${host} does not give ${repository} (status ${status}). Try again later.`);
}
