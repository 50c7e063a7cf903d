import { oc } from '@orpc/contract';
import { z } from 'zod';
import { failureKinds } from '../errors.ts';

/** Every refusal is the typed error `FAILURE`: the kind for the program, the message for the person. */
export const call = oc.errors({
  FAILURE: { status: 422, data: z.object({ kind: z.enum(failureKinds) }) },
});
