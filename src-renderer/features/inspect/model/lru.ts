/** A map that forgets what was used longest ago once the weights together exceed a limit. */
export interface LruCache<Key, Value> {
  get(key: Key): Value | undefined;
  set(key: Key, value: Value, weight?: number): void;
  delete(key: Key): void;
  clear(): void;
  readonly size: number;
}

/**
 * @param limit sum of weights kept; the newest entry stays even when it alone is heavier.
 */
export function createLruCache<Key, Value>(limit: number): LruCache<Key, Value> {
  // A Map iterates in insertion order: re-inserting on use keeps the oldest first.
  const entries = new Map<Key, { value: Value; weight: number }>();
  let total = 0;

  const remove = (key: Key): void => {
    total -= entries.get(key)?.weight ?? 0;
    entries.delete(key);
  };

  return {
    get(key) {
      const entry = entries.get(key);
      if (entry === undefined) return undefined;
      entries.delete(key);
      entries.set(key, entry);
      return entry.value;
    },
    set(key, value, weight = 1) {
      remove(key);
      entries.set(key, { value, weight });
      total += weight;
      for (const oldest of entries.keys()) {
        if (total <= limit || entries.size === 1) break;
        remove(oldest);
      }
    },
    delete: remove,
    clear() {
      entries.clear();
      total = 0;
    },
    get size() {
      return entries.size;
    },
  };
}
