import { implement, ORPCError } from '@orpc/server';
import { contract } from '#shared/contract/index.ts';
import { toFailure, traceOf } from '#shared/errors.ts';
import type { Services } from '#main/services.ts';

export interface ApiContext {
  readonly services: Services;
}

/** The contract, with every failure turned into its one typed error; mistakes of ours also go to standard error. */
export const api = implement(contract)
  .$context<ApiContext>()
  .use(async ({ next }) => {
    try {
      return await next();
    } catch (error) {
      if (error instanceof ORPCError) throw error;
      const failure = toFailure(error);
      if (failure.kind === 'bug') console.error(traceOf(error));
      throw new ORPCError('FAILURE', {
        status: 422,
        message: failure.message,
        data: { kind: failure.kind },
        cause: error,
      });
    }
  });
