import { useQuery } from '@pinia/colada';
import { defineStore } from 'pinia';
import { computed, shallowReactive } from 'vue';
import type { RunId, StudyId } from '#shared/domain.ts';
import type { Run } from '#shared/results.ts';
import { runsQuery } from '../../api/queries.ts';
import { latestScored } from '../inspect/index.ts';

/** The run a person picked in each study; Evaluate and Report show the same one. */
const useChosenRuns = defineStore('chosen-runs', () => {
  const chosen = shallowReactive(new Map<StudyId, RunId>());
  return {
    of: (study: StudyId) => chosen.get(study),
    choose: (study: StudyId, run: RunId) => void chosen.set(study, run),
  };
});

/** Runs that scored something, newest first, and the one that is shown: the picked one, else the latest. */
export function useRunChoice(studyId: StudyId) {
  const store = useChosenRuns();
  const runs = useQuery(runsQuery(studyId));
  const scored = computed(() =>
    (runs.data.value ?? []).filter((run) => run.done > 0).toSorted((a, b) => b.id - a.id),
  );
  const run = computed<Run | null>(
    () => scored.value.find(({ id }) => id === store.of(studyId)) ?? latestScored(scored.value),
  );
  return { runs, scored, run, choose: (id: RunId) => store.choose(studyId, id) };
}
