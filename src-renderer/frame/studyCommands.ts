import { Images } from '@lucide/vue';
import { useQuery } from '@pinia/colada';
import type { ComputedRef } from 'vue';
import { computed } from 'vue';
import { useRouter } from 'vue-router';
import { views } from '#shared/routes.ts';
import { studiesQuery } from '../api/queries.ts';
import type { Command } from '../commands/command.ts';
import { defineCommand } from '../commands/command.ts';

/** Every study as a command that opens it, so that the palette finds studies by name. */
export function useStudyCommands(): ComputedRef<Command[]> {
  const router = useRouter();
  const { data } = useQuery(studiesQuery);
  return computed(() =>
    (data.value ?? []).map((study) =>
      defineCommand({
        id: `open-study.${study.id}`,
        label: study.name,
        group: 'Open a study',
        icon: Images,
        run: async () => void (await router.push(views.study(study.id, 'inspect'))),
      }),
    ),
  );
}
