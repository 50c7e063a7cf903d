import { defineStore } from 'pinia';
import { shallowRef } from 'vue';

export type Tone = 'neutral' | 'good' | 'warning' | 'bad';

export interface Toast {
  readonly id: number;
  readonly tone: Tone;
  readonly title: string;
  readonly text?: string;
  readonly action?: { readonly label: string; readonly run: () => void };
}

const shownFor = { neutral: 5000, good: 6000, warning: 9000, bad: 12_000 } as const satisfies Record<
  Tone,
  number
>;

export const useToasts = defineStore('toasts', () => {
  const toasts = shallowRef<readonly Toast[]>([]);
  let lastId = 0;

  function dismiss(id: number): void {
    toasts.value = toasts.value.filter((toast) => toast.id !== id);
  }

  /** Shows a message that goes by itself; failures stay longer. */
  function show(toast: Omit<Toast, 'id'>): void {
    const id = ++lastId;
    toasts.value = [...toasts.value.slice(-3), { ...toast, id }];
    setTimeout(() => dismiss(id), shownFor[toast.tone]);
  }

  return { toasts, show, dismiss };
});
