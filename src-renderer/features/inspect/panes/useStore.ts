import { onScopeDispose, shallowRef, type ShallowRef } from 'vue';
import type { Store } from '../../../viewer/viewer.ts';

/** A store of the viewer as a ref that follows it. */
export function useStore<T>(store: Store<T>): Readonly<ShallowRef<T>> {
  const value = shallowRef(store.get());
  onScopeDispose(store.subscribe((next) => (value.value = next)));
  return value;
}
