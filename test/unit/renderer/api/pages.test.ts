import { PiniaColada, useQuery, useQueryCache } from '@pinia/colada';
import { createPinia } from 'pinia';
import { expect, test } from 'vitest';
import { createSSRApp, effectScope, watch } from 'vue';
import { allPages } from '../../../../src-renderer/api/pages.ts';

const list = Array.from({ length: 10 }, (_, i) => i);
const page = async (after: number | null) => {
  const from = (after ?? -1) + 1;
  return { items: list.slice(from, from + 1), next: from + 1 < list.length ? from : null };
};

test('everything comes, and is shown whenever it has doubled', async () => {
  const shown: number[] = [];
  const all = await allPages(page, new AbortController().signal, ({ length }) => shown.push(length));
  expect(all).toEqual(list);
  expect(shown).toEqual([1, 2, 4, 8]);
});

test('nobody is asked further when the list is asked for again', async () => {
  const again = new AbortController();
  const all = await allPages(page, again.signal, ({ length }) => length === 4 && again.abort());
  expect(all).toHaveLength(5);
});

test('a query shows the first pages while the rest is on its way', async () => {
  const app = createSSRApp({ render: () => null });
  app.use(createPinia());
  app.use(PiniaColada);
  const seen: unknown[] = [];
  const scope = effectScope();
  await app.runWithContext(() =>
    scope.run(async () => {
      const query = useQuery({
        key: ['list'],
        query: ({ signal }) => {
          const cache = useQueryCache();
          return allPages(page, signal, (some) => cache.setQueryData(['list'], some));
        },
      });
      watch(query.data, (data) => seen.push([query.isPending.value, (data as number[]).length]), {
        flush: 'sync',
      });
      await query.refresh();
    }),
  );
  scope.stop();
  expect(seen).toEqual([1, 2, 4, 8, 10].map((length) => [false, length]));
});
