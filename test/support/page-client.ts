import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/fetch';
import type { ContractRouterClient } from '@orpc/contract';
import type { Page } from 'playwright';
import type { contract } from '#shared/contract/index.ts';
import type { Job, JobId } from '#shared/domain.ts';
import { routes } from '#shared/routes.ts';

export type PageClient = ContractRouterClient<typeof contract>;

/** The application's own interface, asked from inside a window, so that it answers alike in every host. No streams. */
export function clientIn(page: Page): PageClient {
  return createORPCClient(
    new RPCLink({
      url: `http://window.test${routes.rpc}`,
      async fetch(request) {
        const { status, text } = await page.evaluate(
          async ([path, body]) => {
            const headers = { 'content-type': 'application/json' };
            const response = await fetch(path, { method: 'POST', headers, body });
            return { status: response.status, text: await response.text() };
          },
          [new URL(request.url).pathname, await request.text()] as const,
        );
        return new Response(text, { status, headers: { 'content-type': 'application/json' } });
      },
    }),
  );
}

const endStates = new Set<Job['state']>(['finished', 'failed', 'cancelled']);

/** Waits until a job is over. @throws when it did not finish, with its reason */
export async function jobFinished(client: PageClient, id: JobId, patience = 60_000): Promise<Job> {
  const deadline = Date.now() + patience;
  for (;;) {
    const job = (await client.jobs.list()).find((one) => one.id === id);
    if (job?.state === 'finished') return job;
    if (job !== undefined && endStates.has(job.state))
      throw new Error(`${job.title}: ${job.state}, ${job.error ?? 'no reason given'}`);
    if (Date.now() > deadline) throw new Error(`Job ${id} did not end within ${patience / 1000} s.`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
