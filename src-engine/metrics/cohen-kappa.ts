/**
 * Cohen's kappa of two series of decisions over any categories: (observed - expected) / (1 - expected) agreement
 * (Cohen 1960). Null without decisions, or when chance alone would agree everywhere.
 */
export function cohenKappa<T>(a: readonly T[], b: readonly T[]): number | null {
  const n = a.length;
  if (n === 0 || n !== b.length) return null;
  const shares = (decisions: readonly T[]): Map<T, number> => {
    const counts = new Map<T, number>();
    for (const decision of decisions) counts.set(decision, (counts.get(decision) ?? 0) + 1 / n);
    return counts;
  };
  const [sharesA, sharesB] = [shares(a), shares(b)];
  const observed = a.filter((decision, i) => decision === b[i]).length / n;
  let expected = 0;
  for (const [category, share] of sharesA) expected += share * (sharesB.get(category) ?? 0);
  // One category on both sides: the sum is 1 but for rounding.
  return expected < 1 - 1e-12 ? (observed - expected) / (1 - expected) : null;
}
