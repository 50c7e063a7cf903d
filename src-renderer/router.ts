import type { RouteLocationNormalized, RouteRecordRaw } from 'vue-router';
import { createRouter, createWebHistory } from 'vue-router';
import { StudyId } from '#shared/domain.ts';
import { views } from '#shared/routes.ts';

declare module 'vue-router' {
  interface RouteMeta {
    /** What the title bar and the window call the place. */
    title?: string;
  }
}

const studyId = (route: RouteLocationNormalized) => ({
  studyId: StudyId.parse(Number(route.params['studyId'])),
});

const studyTabs: RouteRecordRaw[] = [
  {
    path: 'images',
    meta: { title: 'Images' },
    props: studyId,
    component: () => import('./features/images/ImagesView.vue'),
  },
  {
    path: 'references',
    meta: { title: 'References' },
    props: studyId,
    component: () => import('./features/references/ReferencesView.vue'),
  },
  {
    path: 'inspect',
    meta: { title: 'Inspect' },
    props: studyId,
    component: () => import('./features/inspect/InspectView.vue'),
  },
  {
    path: 'evaluate',
    meta: { title: 'Evaluate' },
    props: studyId,
    component: () => import('./features/evaluate/EvaluateView.vue'),
  },
  {
    path: 'report',
    meta: { title: 'Report' },
    props: studyId,
    component: () => import('./features/report/ReportView.vue'),
  },
];

/** Both hosts answer unknown paths with index.html, so addresses are plain paths and can be shared. */
export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/', redirect: views.studies() },
    {
      path: '/studies',
      meta: { title: 'Studies' },
      component: () => import('./features/studies/StudiesView.vue'),
    },
    {
      // Without the tabs of the study: the image gets the room.
      path: '/studies/:studyId([1-9]\\d{0,14})/triage',
      meta: { title: 'Triage' },
      props: studyId,
      component: () => import('./features/triage/TriageView.vue'),
    },
    {
      path: '/studies/:studyId([1-9]\\d{0,14})',
      component: () => import('./features/study/StudyView.vue'),
      props: studyId,
      redirect: (to) => `${to.path.replace(/\/$/, '')}/inspect`,
      children: studyTabs,
    },
    {
      path: '/models',
      meta: { title: 'Models' },
      component: () => import('./features/models/ModelsView.vue'),
    },
    { path: '/jobs', meta: { title: 'Jobs' }, component: () => import('./features/jobs/JobsView.vue') },
    {
      path: '/settings',
      meta: { title: 'Settings' },
      component: () => import('./features/settings/SettingsView.vue'),
    },
    { path: '/:rest(.*)*', meta: { title: 'Not found' }, component: () => import('./frame/NotFound.vue') },
  ],
});
