import { BrainCircuit, Images, ListChecks, Settings } from '@lucide/vue';
import { views } from '#shared/routes.ts';

/** The rail, top to bottom. */
export const places = [
  { id: 'studies', label: 'Studies', icon: Images, to: views.studies(), keys: 'G S' },
  { id: 'models', label: 'Models', icon: BrainCircuit, to: views.models(), keys: 'G M' },
  { id: 'jobs', label: 'Jobs', icon: ListChecks, to: views.jobs(), keys: 'G J' },
  { id: 'settings', label: 'Settings', icon: Settings, to: views.settings(), keys: 'G ,' },
] as const;

/** The tabs of a study, left to right. */
export const studyTabs = [
  { tab: 'images', label: 'Images', keys: 'Alt+1' },
  { tab: 'references', label: 'References', keys: 'Alt+2' },
  { tab: 'inspect', label: 'Inspect', keys: 'Alt+3' },
  { tab: 'evaluate', label: 'Evaluate', keys: 'Alt+4' },
  { tab: 'report', label: 'Report', keys: 'Alt+5' },
  { tab: 'triage', label: 'Triage', keys: 'Alt+6' },
] as const;
