import { useMutation, useQuery, useQueryCache } from '@pinia/colada';
import { computed, ref, shallowRef, watch } from 'vue';
import type { Label, RunId, StudyId } from '#shared/domain.ts';
import {
  type Confusion,
  confusion,
  type Cuts,
  cutForRate,
  type Decision,
  decide,
  flipped,
  rateIntervals,
  rates,
  type ThresholdId,
  type ThresholdRule,
} from '#shared/decision.ts';
import { defaultBootstrap } from '#shared/evaluation.ts';
import type { Evaluation } from '#shared/results.ts';
import { client } from '../../api/client.ts';
import { keys } from '../../api/queries.ts';
import { runThresholdQuery, thresholdsQuery } from './queries.ts';

export type RuleKind = ThresholdRule['kind'];

/** Rows of the table that a cell of the confusion matrix stands for. */
export interface DecisionFilter {
  readonly label: Exclude<Label, 'unknown'>;
  readonly decision: Decision;
}

/** The decision on the images of a run: the cuts, how they were found, what follows from them, and their saved names. */
export function useDecision(
  studyId: StudyId,
  runId: () => RunId | null,
  evaluation: () => Evaluation | undefined,
) {
  const cache = useQueryCache();
  const saved = useQuery(() => thresholdsQuery(studyId));
  const ofRun = useQuery(() => ({
    ...runThresholdQuery(runId() ?? (1 as RunId)),
    enabled: runId() !== null,
  }));

  const images = computed(() => evaluation()?.perImage ?? []);
  const f1max = computed<Cuts | null>(() => {
    const threshold = evaluation()?.image.f1maxThreshold ?? null;
    return threshold === null ? null : { low: threshold, high: threshold };
  });
  /** What the decision is compared with: the saved one of the run, else F1-max. */
  const base = computed<Cuts | null>(() => ofRun.data.value ?? f1max.value);

  const moved = shallowRef<Cuts | null>(null);
  const rule = ref<RuleKind>('f1max');
  const target = ref(0.05);
  const filter = shallowRef<DecisionFilter | null>(null);
  /** Shows the images decided otherwise than before alone. */
  const onlyFlips = ref(false);
  watch(runId, () => {
    moved.value = null;
    filter.value = null;
    onlyFlips.value = false;
  });
  watch(
    () => ofRun.data.value,
    (threshold) => {
      moved.value = null;
      rule.value = threshold?.rule.kind ?? 'f1max';
      if (threshold && 'target' in threshold.rule) target.value = threshold.rule.target;
    },
  );

  const cuts = computed<Cuts | null>(() => moved.value ?? base.value);

  function setCuts(next: Cuts): void {
    moved.value = next;
    rule.value = 'manual';
  }

  /** Finds the cuts anew; a grey zone is given up, because a target names one cut. */
  function setRule(kind: RuleKind, rate = target.value): void {
    rule.value = kind;
    target.value = rate;
    if (kind === 'f1max') moved.value = f1max.value;
    if (kind === 'fpr' || kind === 'fnr') {
      const cut = cutForRate(images.value, kind, rate);
      if (cut !== null) moved.value = { low: cut, high: cut };
    }
  }

  const counts = computed<Confusion | null>(() => cuts.value && confusion(images.value, cuts.value));
  const reached = computed(() => counts.value && rates(counts.value));
  const intervals = computed(() => {
    if (!cuts.value) return null;
    const kind = rule.value;
    return rateIntervals(
      images.value,
      cuts.value,
      kind === 'fpr' || kind === 'fnr' ? { kind, rate: target.value } : null,
      defaultBootstrap,
    );
  });
  const flips = computed(() =>
    cuts.value && base.value ? flipped(images.value, base.value, cuts.value) : [],
  );

  const shownImages = computed(() => {
    const { value: chosen } = filter;
    const { value: at } = cuts;
    if (onlyFlips.value) return flips.value;
    if (!chosen || !at) return images.value;
    return images.value.filter(
      ({ label, imageScore }) => label === chosen.label && decide(imageScore, at) === chosen.decision,
    );
  });

  const changed = () =>
    Promise.all([
      cache.invalidateQueries({ key: [...keys.study(studyId), 'thresholds'] }),
      cache.invalidateQueries({ key: [...keys.run(runId() ?? (1 as RunId)), 'threshold'] }),
    ]);
  const save = useMutation({
    mutation: async (name: string) => {
      const run = runId();
      if (run === null || !cuts.value) return;
      const kind = rule.value;
      await client.thresholds.save({
        runId: run,
        name,
        cuts: { ...cuts.value },
        rule:
          kind === 'fpr' || kind === 'fnr'
            ? { kind, target: target.value, interval: intervals.value?.cut ?? null }
            : { kind },
      });
      await changed();
    },
  });
  const use = useMutation({
    mutation: async (threshold: ThresholdId | null) => {
      const run = runId();
      if (run === null) return;
      await client.thresholds.use({ runId: run, threshold });
      await changed();
    },
  });

  return {
    saved: computed(() => saved.data.value ?? []),
    current: computed(() => ofRun.data.value ?? null),
    isMoved: computed(() => moved.value !== null),
    cuts,
    base,
    rule,
    target,
    filter,
    onlyFlips,
    counts,
    reached,
    intervals,
    flips,
    shownImages,
    setCuts,
    setRule,
    save,
    use,
  };
}

export type DecisionState = ReturnType<typeof useDecision>;
