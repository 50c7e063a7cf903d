import { ref } from 'vue';
import type { RunId, Scale, Scope } from '#shared/domain.ts';
import { routes } from '#shared/routes.ts';
import { fetchBytes } from '../../api/client.ts';
import { useToasts } from '../../stores/toasts.ts';

/** The per-image table on the clipboard, word for word the file that can be downloaded. */
export function useTableExport() {
  const toasts = useToasts();
  const copying = ref(false);

  async function copy(run: RunId, scale: Scale, scope: Scope): Promise<void> {
    copying.value = true;
    try {
      const table = await (await fetchBytes(routes.evaluationTable(run, scale, scope))).text();
      await navigator.clipboard.writeText(table);
      const rows = table.trimEnd().split('\n').length - 1;
      toasts.show({ tone: 'good', title: 'Table copied', text: `${rows} rows as CSV.` });
    } finally {
      copying.value = false;
    }
  }

  return { copying, copy };
}
