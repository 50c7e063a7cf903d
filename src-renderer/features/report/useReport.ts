import { onScopeDispose, shallowRef, watch } from 'vue';
import type { Scale } from '#shared/domain.ts';
import type { Run } from '#shared/results.ts';
import { routes } from '#shared/routes.ts';
import { failureMessage, fetchBytes } from '../../api/client.ts';
import { namesHidden } from '../../privacy/hidden-names.ts';
import { useToasts } from '../../stores/toasts.ts';
import { bytesText } from '../../text/format.ts';
import { openPdf, type PdfPages } from './pdf-pages.ts';

export interface Report extends PdfPages {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly fileName: string;
}

/** The report of a run: made when it is looked at, and what is saved is what was looked at. */
export function useReport(run: () => Run | null, scale: () => Scale) {
  const toasts = useToasts();
  const report = shallowRef<Report | null>(null);
  const problem = shallowRef<string | null>(null);
  let asked: AbortController | undefined;

  function forget(): void {
    asked?.abort();
    report.value?.close();
    report.value = null;
    problem.value = null;
  }

  async function make(): Promise<void> {
    forget();
    const shown = run();
    if (shown === null) return;
    const own = (asked = new AbortController());
    const wanted = scale();
    try {
      const answer = await fetchBytes(
        routes.report(shown.id, wanted, namesHidden.value ? 'hidden' : 'shown'),
        own.signal,
      );
      const bytes = new Uint8Array(await answer.arrayBuffer());
      const pages = await openPdf(bytes);
      if (own.signal.aborted) return pages.close();
      report.value = { ...pages, bytes, fileName: `nidus-run-${shown.id}-${wanted}.pdf` };
    } catch (error) {
      if (!own.signal.aborted) problem.value = failureMessage(error);
    }
  }

  watch([() => run()?.id, scale, namesHidden], make, { immediate: true });
  onScopeDispose(forget);

  function save(): void {
    if (report.value === null) return;
    const { bytes, fileName } = report.value;
    const address = URL.createObjectURL(new Blob([bytes], { type: 'application/pdf' }));
    Object.assign(document.createElement('a'), { href: address, download: fileName }).click();
    // The download holds the bytes from here on.
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
    const text = `${fileName}, ${bytesText(bytes.length)}`;
    toasts.show({ tone: 'good', title: 'The report is saved', text });
  }

  return { report, problem, make, save };
}
