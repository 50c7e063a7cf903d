import type { ContractRouterClient } from '@orpc/contract';
import { ORPCError, createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/fetch';
import type { contract } from '#shared/contract/index.ts';
import { routes } from '#shared/routes.ts';

export type Client = ContractRouterClient<typeof contract>;

/** The browser host was started anew: the address this window came by no longer opens it. */
export class Locked extends Error {
  constructor() {
    super('Nidus was started again and has locked this window. Open the address it printed in its terminal.');
    this.name = 'Locked';
  }
}

async function fetchUnlocked(request: Request, init: RequestInit): Promise<Response> {
  const response = await fetch(request, init);
  if (response.status === 401) throw new Locked();
  return response;
}

/** The application, wherever it runs: same-origin fetch in every host. */
export const client: Client = createORPCClient(
  new RPCLink({
    url: () => new URL(routes.rpc, window.location.href),
    fetch: fetchUnlocked,
  }),
);

/** The sentence to show for anything thrown by a call. */
export function failureMessage(error: unknown): string {
  if (error instanceof ORPCError) return error.message;
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
