import { defineStore } from 'pinia';
import { shallowRef } from 'vue';

export interface Question {
  readonly title: string;
  readonly text: string;
  /** What the confirming button says, e.g. "Remove 3 images". */
  readonly action: string;
  readonly dangerous?: boolean;
}

/** Asks before something that cannot be undone: `if (await useConfirm().ask({...})) ...`. */
export const useConfirm = defineStore('confirm', () => {
  const question = shallowRef<Question>();
  let settle: ((yes: boolean) => void) | undefined;

  function answer(yes: boolean): void {
    question.value = undefined;
    settle?.(yes);
    settle = undefined;
  }

  function ask(asked: Question): Promise<boolean> {
    answer(false);
    question.value = asked;
    return new Promise((resolve) => {
      settle = resolve;
    });
  }

  return { question, ask, answer };
});
