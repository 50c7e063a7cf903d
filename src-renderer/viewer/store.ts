/** The smallest observable value: several panes share one, and Vue may follow it with a `shallowRef`. */
export interface Store<T> {
  get(): T;
  set(value: T): void;
  /** Calls `listener` after every change until the returned function is called. */
  subscribe(listener: (value: T) => void): () => void;
}

export function createStore<T>(initial: T): Store<T> {
  let value = initial;
  const listeners = new Set<(value: T) => void>();
  return {
    get: () => value,
    set(next) {
      if (Object.is(next, value)) return;
      value = next;
      for (const listener of listeners) listener(next);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
