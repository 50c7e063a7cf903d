import { shallowRef, watch, type ShallowRef } from 'vue';
import { failureMessage } from '../../../api/client.ts';
import { createLane, Superseded } from '../model/lane.ts';

export interface LatestAnswer<Answer> {
  /** The answer before, until the next one is there; null without a question. */
  readonly answer: Readonly<ShallowRef<Answer | null>>;
  readonly problem: Readonly<ShallowRef<string | null>>;
}

/**
 * The answer to a question that changes: one request at a time, and only the newest question waits.
 * @param question null asks nothing and takes the answer away
 */
export function useLatestAnswer<Question, Answer>(
  question: () => Question | null,
  ask: (question: Question) => Promise<Answer>,
): LatestAnswer<Answer> {
  const answer = shallowRef<Answer | null>(null);
  const problem = shallowRef<string | null>(null);
  const lane = createLane();
  let ticket = 0;

  watch(
    question,
    async (asked) => {
      const own = ++ticket;
      problem.value = null;
      if (asked === null) {
        answer.value = null;
        return;
      }
      try {
        const answered = await lane.run(() => ask(asked));
        if (own === ticket) answer.value = answered;
      } catch (error) {
        if (own !== ticket || error instanceof Superseded) return;
        answer.value = null;
        problem.value = failureMessage(error);
      }
    },
    { immediate: true },
  );
  return { answer, problem };
}
