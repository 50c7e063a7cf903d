import '@fontsource-variable/inter';
import './design/tokens.css';
import './design/base.css';
import './design/controls.css';
import { PiniaColada } from '@pinia/colada';
import { createPinia } from 'pinia';
import { createApp } from 'vue';
import App from './App.vue';
import { router } from './router.ts';

createApp(App)
  .use(createPinia())
  // The event stream says when something changed, so nothing is asked again just because a window got the focus.
  .use(PiniaColada, { queryOptions: { staleTime: Infinity, refetchOnWindowFocus: false, gcTime: 600_000 } })
  .use(router)
  .mount('#app');

// The view most come for, loaded and warmed up while the reader looks for a study.
void router.isReady().then(() =>
  requestIdleCallback(async () => {
    const [, { prepareViewer }] = await Promise.all([
      import('./features/inspect/InspectView.vue'),
      import('./features/inspect/useViewer.ts'),
    ]);
    prepareViewer();
  }),
);
