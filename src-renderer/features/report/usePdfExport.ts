import { ref, shallowRef } from 'vue';
import type { Run } from '#shared/results.ts';
import type { Scale } from '#shared/domain.ts';
import { routes } from '#shared/routes.ts';
import { failureMessage, fetchBytes } from '../../api/client.ts';
import { useToasts } from '../../stores/toasts.ts';
import { bytesText } from '../../text/format.ts';

/** Making the PDF of a run and handing it to the person. */
export function usePdfExport() {
  const toasts = useToasts();
  const making = ref(false);
  const problem = shallowRef<string | null>(null);

  async function exportPdf(run: Run, scale: Scale): Promise<void> {
    making.value = true;
    problem.value = null;
    try {
      const pdf = await (await fetchBytes(routes.report(run.id, scale))).blob();
      const address = URL.createObjectURL(pdf);
      const name = `nidus-run-${run.id}-${scale}.pdf`;
      const link = Object.assign(document.createElement('a'), { href: address, download: name });
      link.click();
      // The download holds the bytes from here on.
      setTimeout(() => URL.revokeObjectURL(address), 60_000);
      toasts.show({ tone: 'good', title: 'The report is ready', text: `${name}, ${bytesText(pdf.size)}` });
    } catch (error) {
      problem.value = failureMessage(error);
    } finally {
      making.value = false;
    }
  }

  return { making, problem, exportPdf };
}
