import { computed, shallowRef, type ComputedRef } from 'vue';
import type { Mask } from '#shared/arrays.ts';
import { useJudge } from '../../../stores/judge.ts';
import type { Frame } from '../model/frames.ts';

export interface JudgedMask {
  /** Null when nobody knows the ground truth, or nothing is open to draw on. */
  readonly mask: ComputedRef<Mask | null>;
  readonly isOwn: ComputedRef<boolean>;
  /** Who draws says where the reader's mask comes from. */
  drawnBy(own: () => Mask | null): void;
}

/** The mask that a map is judged against: the imported ground truth, or what the reader drew. */
export function useJudgedMask(frame: () => Frame | null): JudgedMask {
  const judge = useJudge();
  const source = shallowRef<() => Mask | null>(() => null);
  const isOwn = computed(() => judge.annotationOf !== null);
  return {
    mask: computed(() => (isOwn.value ? source.value() : (frame()?.truth ?? null))),
    isOwn,
    drawnBy(own) {
      source.value = own;
    },
  };
}
