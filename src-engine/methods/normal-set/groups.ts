/** Items that belong together by pairs, directly or over others: the groups of two and more, members in order. */
export function groupsOf(count: number, pairs: Iterable<readonly [number, number]>): number[][] {
  const parent = Int32Array.from({ length: count }, (_, i) => i);
  const root = (item: number): number => {
    while (parent[item] !== item) {
      parent[item] = parent[parent[item]!]!;
      item = parent[item]!;
    }
    return item;
  };
  for (const [a, b] of pairs) {
    const [low, high] = [root(a), root(b)].sort((x, y) => x - y) as [number, number];
    parent[high] = low;
  }
  const members = Map.groupBy(parent.keys(), root);
  return [...members.values()].filter((group) => group.length > 1);
}
