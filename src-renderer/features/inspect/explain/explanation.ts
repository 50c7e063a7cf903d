import { inject, provide, type InjectionKey, type Ref } from 'vue';
import type { Explanation } from '#shared/explanation.ts';

export interface ShownExplanation {
  /** The patch asked about; null closes the explanation. */
  readonly asked: Readonly<Ref<{ readonly row: number; readonly column: number } | null>>;
  /** That of the patch before, until the next is there. */
  readonly explanation: Readonly<Ref<Explanation | null>>;
  readonly problem: Readonly<Ref<string | null>>;
  close(): void;
}

const key: InjectionKey<ShownExplanation> = Symbol('explanation');

export const provideExplanation = (explanation: ShownExplanation): void => provide(key, explanation);

export function useShownExplanation(): ShownExplanation {
  const explanation = inject(key);
  if (explanation === undefined) throw new Error('An explanation is shown outside of Inspect.');
  return explanation;
}
