import { useQuery } from '@pinia/colada';
import { computed } from 'vue';
import {
  featuresOf,
  type Method,
  methodNames,
  methods,
  type RunSettings,
  withFeatures,
} from '#shared/methods/index.ts';
import { adaptersQuery } from '../../adapters/index.ts';

/** The method of some settings as a choice. Another one keeps the model and takes what was last set for it. */
export function useMethodChoice(settings: () => RunSettings, set: (settings: RunSettings) => void) {
  /** What was last set for the methods that are not in force, as long as the view is open. */
  const remembered = new Map<Method, RunSettings>();
  const { data: adapters } = useQuery(adaptersQuery);
  const lacksAdapter = (method: Method): boolean => method === 'ad-dinov3' && adapters.value?.length === 0;
  const options = computed(() =>
    methodNames.map((value) => {
      const { title } = methods[value];
      return lacksAdapter(value)
        ? { value, label: `${title} (needs an adapter, see Models)`, disabled: settings().method !== value }
        : { value, label: title };
    }),
  );
  const method = computed({
    get: () => settings().method,
    set(next: Method) {
      remembered.set(settings().method, settings());
      const own = remembered.get(next) ?? methods[next].defaults;
      // Encoder, layers and size of AD-DINOv3 are its adapter's: they neither come from other methods nor go to them.
      const isApart = next === 'ad-dinov3' || settings().method === 'ad-dinov3';
      set(isApart ? own : withFeatures(own, featuresOf(settings())));
    },
  });
  return { method, options };
}
