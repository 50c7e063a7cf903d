/** How well a query's letters are found in a text, in order; undefined when they are not all there. Higher is better. */
export function fuzzyScore(query: string, text: string): number | undefined {
  const wanted = query.toLowerCase().replaceAll(/\s+/g, '');
  const lower = text.toLowerCase();
  if (wanted === '') return 0;
  const whole = lower.indexOf(query.trim().toLowerCase());
  if (whole === 0) return 1000 - lower.length;
  if (whole > 0) return (/\s/.test(lower[whole - 1] ?? '') ? 800 : 600) - whole - lower.length;
  let score = 0;
  let at = -1;
  for (const letter of wanted) {
    const next = lower.indexOf(letter, at + 1);
    if (next < 0) return undefined;
    const wordStart = next === 0 || /[^a-z0-9]/.test(lower[next - 1] ?? '');
    score += next === at + 1 ? 8 : 0;
    score += wordStart ? 6 : 0;
    score -= next - at;
    at = next;
  }
  return score;
}

/** The items that match, best first; equal ones keep their order. */
export function fuzzyFilter<Item>(
  query: string,
  items: readonly Item[],
  text: (item: Item) => string,
): Item[] {
  return items
    .flatMap((item) => {
      const score = fuzzyScore(query, text(item));
      return score === undefined ? [] : [{ item, score }];
    })
    .sort((a, b) => b.score - a.score)
    .map(({ item }) => item);
}
