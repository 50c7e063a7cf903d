import type { ContractRouterClient } from '@orpc/contract';
import { ORPCError, createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/fetch';
import type { contract } from '#shared/contract/index.ts';
import type { FailureKind } from '#shared/errors.ts';
import { failureKinds } from '#shared/errors.ts';
import { routes } from '#shared/routes.ts';

export type Client = ContractRouterClient<typeof contract>;

/** The application, wherever it runs: same-origin fetch in every host. */
export const client: Client = createORPCClient(
  new RPCLink({ url: () => new URL(routes.rpc, window.location.href) }),
);

/** The kind of a refusal, for deciding what to offer; `undefined` for anything that is not one. */
export function failureKind(error: unknown): FailureKind | undefined {
  if (!(error instanceof ORPCError) || error.code !== 'FAILURE') return undefined;
  const data: unknown = error.data;
  if (typeof data !== 'object' || data === null || !('kind' in data)) return undefined;
  return failureKinds.find((kind) => kind === data.kind);
}

/** The sentence to show for anything thrown by a call. */
export function failureMessage(error: unknown): string {
  if (error instanceof ORPCError) {
    if (error.code === 'UNAUTHORIZED')
      return 'This window is not signed in. Open the address Nidus printed again.';
    return error.message;
  }
  if (error instanceof TypeError) return 'Nidus does not answer. Check that it is still running.';
  return error instanceof Error ? error.message : String(error);
}

/** Fetches a binary resource of `routes`; throws with the server's own sentence when it refuses. */
export async function fetchBytes(path: string, signal?: AbortSignal): Promise<Response> {
  const response = await fetch(path, signal === undefined ? {} : { signal });
  if (response.ok) return response;
  const text = (await response.text()).trim();
  throw new Error(text === '' ? `${path} answered with status ${response.status}.` : text);
}
