export interface ReliabilityBin {
  /** Mean predicted probability, and the share of abnormal images, of the images in this bin. */
  readonly predicted: number;
  readonly observed: number;
  readonly images: number;
}

export interface Calibration {
  /** Mean squared difference of predicted probability and label. */
  readonly brier: number;
  /** Of predicting the prevalence for everyone: what a score has to beat. */
  readonly brierOfPrevalence: number;
  /** Expected calibration error: mean distance of predicted and observed over the bins, weighted by images. */
  readonly ece: number;
  readonly bins: readonly ReliabilityBin[];
  /** Of the fit on all images: probability = 1 / (1 + exp(-(intercept + slope * score))). */
  readonly intercept: number;
  readonly slope: number;
}

export interface LabelledScore {
  readonly score: number;
  readonly abnormal: boolean;
  /** Images of one patient are never on both sides of a fit. */
  readonly group: string;
}

const folds = 5;
const binCount = 10;

interface Logistic {
  readonly intercept: number;
  readonly slope: number;
}

/** Counts before the optimum is taken for reached; separable scores never reach theirs. */
const iterations = 100;

/**
 * Platt's monotone map from a score to a probability: logistic regression on standardised scores with his smoothed
 * targets (Platt 1999, section 2.2), by Newton's method. The slope is kept at 0 or above, so that the map is monotone.
 */
export function fitPlatt(cases: readonly Pick<LabelledScore, 'score' | 'abnormal'>[]): Logistic {
  const positives = cases.filter(({ abnormal }) => abnormal).length;
  const targets = {
    abnormal: (positives + 1) / (positives + 2),
    normal: 1 / (cases.length - positives + 2),
  };
  const mean = cases.reduce((sum, { score }) => sum + score, 0) / cases.length;
  const spread =
    Math.sqrt(cases.reduce((sum, { score }) => sum + (score - mean) ** 2, 0) / cases.length) || 1;
  const standard = cases.map(({ score }) => (score - mean) / spread);
  let [a, b] = [Math.log((positives + 1) / (cases.length - positives + 1)), 0];
  for (let step = 0; step < iterations; step++) {
    let [ga, gb, haa, hab, hbb] = [0, 0, 1e-12, 0, 1e-12];
    for (const [i, x] of standard.entries()) {
      const p = 1 / (1 + Math.exp(-(a + b * x)));
      const error = p - (cases[i]!.abnormal ? targets.abnormal : targets.normal);
      const weight = p * (1 - p);
      ga += error;
      gb += error * x;
      haa += weight;
      hab += weight * x;
      hbb += weight * x * x;
    }
    const determinant = haa * hbb - hab * hab;
    const [da, db] = [(hbb * ga - hab * gb) / determinant, (haa * gb - hab * ga) / determinant];
    if (!Number.isFinite(da + db)) break;
    a -= Math.max(-4, Math.min(4, da));
    b -= Math.max(-4, Math.min(4, db));
    if (Math.abs(da) + Math.abs(db) < 1e-12) break;
  }
  const slope = Math.max(b, 0) / spread;
  return b < 0
    ? { intercept: Math.log((positives + 1) / (cases.length - positives + 1)), slope }
    : { intercept: a - slope * mean, slope };
}

/**
 * How far image scores can be read as probabilities after Platt's map. Each image's probability comes from a fit on
 * the other four fifths of the patients, so a score is never judged by itself. Null unless both kinds occur in at
 * least five patients together.
 */
export function calibration(cases: readonly LabelledScore[]): Calibration | null {
  const groups = [...new Set(cases.map(({ group }) => group))].sort();
  const positives = cases.filter(({ abnormal }) => abnormal).length;
  if (positives === 0 || positives === cases.length || groups.length < folds) return null;
  // Patients with an abnormal image are dealt first, so that every fold has some of them.
  const abnormalGroups = new Set(cases.filter(({ abnormal }) => abnormal).map(({ group }) => group));
  const dealt = [
    ...groups.filter((group) => abnormalGroups.has(group)),
    ...groups.filter((group) => !abnormalGroups.has(group)),
  ];
  const foldOf = new Map(dealt.map((group, i) => [group, i % folds]));
  const fits = Array.from({ length: folds }, (_, fold) =>
    fitPlatt(cases.filter(({ group }) => foldOf.get(group) !== fold)),
  );
  const predicted = cases.map(({ score, abnormal, group }) => {
    const { intercept, slope } = fits[foldOf.get(group)!]!;
    return { probability: 1 / (1 + Math.exp(-(intercept + slope * score))), abnormal };
  });
  const prevalence = positives / cases.length;
  const bins = reliability(predicted);
  return {
    brier:
      predicted.reduce((sum, p) => sum + (p.probability - (p.abnormal ? 1 : 0)) ** 2, 0) / predicted.length,
    brierOfPrevalence: prevalence * (1 - prevalence),
    ece:
      bins.reduce((sum, bin) => sum + bin.images * Math.abs(bin.predicted - bin.observed), 0) / cases.length,
    bins,
    ...fitPlatt(cases),
  };
}

/** Bins of equal numbers of images: scores crowd at the ends, where bins of equal width would stay empty. */
function reliability(
  predicted: readonly { readonly probability: number; readonly abnormal: boolean }[],
): ReliabilityBin[] {
  const sorted = predicted.toSorted((a, b) => a.probability - b.probability);
  const count = Math.min(binCount, Math.max(1, Math.floor(sorted.length / 5)));
  return Array.from({ length: count }, (_, bin) => {
    const members = sorted.slice(
      Math.floor((bin * sorted.length) / count),
      Math.floor(((bin + 1) * sorted.length) / count),
    );
    return {
      predicted: members.reduce((sum, { probability }) => sum + probability, 0) / members.length,
      observed: members.filter(({ abnormal }) => abnormal).length / members.length,
      images: members.length,
    };
  });
}
