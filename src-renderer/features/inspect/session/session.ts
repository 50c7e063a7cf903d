import { computed, inject, provide, type InjectionKey } from 'vue';
import type { ImageId, StudyId } from '#shared/domain.ts';
import { maximumK, type DinoAdSettings, type RunSettings, type SupportChoice } from '#shared/settings.ts';
import { usePictures } from '../explain/usePictures.ts';
import { supportOf, type SupportKind } from '../model/preferences.ts';
import { useOther } from '../other/useOther.ts';
import { scoreScale } from '../scales.ts';
import { createToolbox } from '../tools/toolbox.ts';
import { useFigures } from './useFigures.ts';
import { useFrames } from './useFrames.ts';
import { useJudgedMask } from './useJudgedMask.ts';
import { useLayout } from './useLayout.ts';
import { useMapTiming } from './useMapTiming.ts';
import { useMapView } from './useMapView.ts';
import { useMatches } from './useMatches.ts';
import { useInspectPreferences } from './usePreferences.ts';
import { useQueue } from './useQueue.ts';
import { useRunStart } from './useRunStart.ts';
import { useStudyData } from './useStudyData.ts';
import { useStudySettings } from './useStudySettings.ts';

/** Whether raw scores under both settings can be held against each other. */
const inSameUnit = (a: RunSettings, b: RunSettings): boolean => a.method === b.method && a.model === b.model;

/** Everything the parts of Inspect have in common, made once by the view. */
function createSession(studyId: StudyId) {
  const data = useStudyData(studyId);
  const view = useInspectPreferences(studyId);
  const { preferences } = view;
  const { settings, set } = useStudySettings(
    studyId,
    () => data.images.data.value ?? [],
    () => data.latestRun.value,
  );
  const queue = useQueue(studyId, data, () => preferences.value);

  const layout = useLayout(view);
  /** Maps hold as long as the normal images are the same. */
  const pool = computed(() =>
    (data.images.data.value ?? [])
      .filter((image) => image.role === 'normal')
      .map((image) => image.id)
      .join(' '),
  );

  const frames = useFrames({
    image: () => (data.ready.value ? queue.image.value : undefined),
    settings: () => settings.value,
    supports: () => layout.supports.value,
    neighbours: () => queue.neighbours.value,
    imageOf: data.imageOf,
    pool: () => pool.value,
    onShown: (image) => queue.settleOn(image.id),
  });
  const frame = () => frames.frame.value;
  const judged = useJudgedMask(frame);
  /** Threshold and colours of the latest run, where its scores mean what those on the screen do. */
  const ofRunLike = () => {
    const run = data.latestRun.value;
    return run && inSameUnit(run.settings, settings.value)
      ? data.evaluations[scoreScale(preferences.value.scale)].value
      : undefined;
  };
  const map = useMapView(
    studyId,
    frame,
    () => judged.mask.value,
    () => settings.value,
    ofRunLike,
    () => pool.value,
    view,
  );

  /** Other settings; raw scores of another method or model are in another unit, and a threshold set for them says nothing. */
  function setSettings(next: RunSettings): void {
    const { thresholds } = preferences.value;
    if (!inSameUnit(next, settings.value) && thresholds.raw !== null)
      view.update({ thresholds: { ...thresholds, raw: null } });
    set(next);
  }

  /** The settings while the method is DINO-AD, whose support and clusters have controls of their own. */
  const dinoAd = computed(() => (settings.value.method === 'dino-ad' ? settings.value : null));

  function changeDinoAd(patch: Partial<DinoAdSettings>): void {
    if (dinoAd.value === null) return;
    set({ ...dinoAd.value, ...patch });
  }

  /** Another kind of support, with the count or the images last set for it. */
  function setSupportKind(kind: SupportKind): void {
    const shown = frame()?.preview?.support.map((match) => match.imageId) ?? [];
    const support = supportOf(kind, preferences.value, shown);
    if (support.kind === 'chosen') view.update({ chosen: support.images });
    changeDinoAd({ support });
  }

  function setSupportCount(count: number): void {
    const kind = dinoAd.value?.support.kind;
    view.update({ supportCount: count });
    if (kind === 'matched' || kind === 'random') changeDinoAd({ support: { kind, count } });
  }

  /** Adds or takes away an image picked by hand; the last one stays. */
  function toggleChosen(id: ImageId): void {
    const { chosen } = preferences.value;
    const next = chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id];
    if (next.length === 0) return;
    const support: SupportChoice = { kind: 'chosen', images: next };
    view.update({ chosen: next });
    changeDinoAd({ support });
  }

  /** Pins or bans a reference, or takes that back. What is banned is not pinned, and the last one cannot be banned. */
  function toggleReference(mark: 'pinned' | 'banned', id: ImageId): void {
    const present = dinoAd.value;
    if (present === null) return;
    const other = mark === 'pinned' ? 'banned' : 'pinned';
    const has = present[mark].includes(id);
    const next = has ? present[mark].filter((one) => one !== id) : [...present[mark], id];
    const normals = (data.images.data.value ?? []).filter(({ role }) => role === 'normal').length;
    if (mark === 'banned' && next.length >= normals) return;
    changeDinoAd({ [mark]: next, [other]: present[other].filter((one) => one !== id) });
  }

  return {
    studyId,
    data,
    view,
    preferences,
    settings,
    queue,
    frames,
    judged,
    map,
    layout,
    pictures: usePictures(frame, () => layout.cells.value),
    other: useOther(
      frame,
      () => layout.cells.value,
      () => preferences.value.scale,
    ),
    toolbox: createToolbox(),
    figures: useFigures(
      frame,
      () => scoreScale(preferences.value.scale),
      () => map.threshold.value,
    ),
    matches: useMatches(frame, () => pool.value),
    timing: useMapTiming(() => settings.value, frame),
    run: useRunStart(studyId, data, () => settings.value),
    dinoAd,
    setSettings,
    changeDinoAd,
    setSupportKind,
    setSupportCount,
    toggleChosen,
    toggleReference,
    stepK: (by: number) => {
      const { k } = dinoAd.value ?? {};
      if (k !== undefined) changeDinoAd({ k: Math.max(1, Math.min(maximumK, k + by)) });
    },
  };
}

export type Session = ReturnType<typeof createSession>;

const sessionKey: InjectionKey<Session> = Symbol('inspect session');

export function provideSession(studyId: StudyId): Session {
  const session = createSession(studyId);
  provide(sessionKey, session);
  return session;
}

export function useSession(): Session {
  const session = inject(sessionKey);
  if (session === undefined) throw new Error('A part of Inspect stands outside of it.');
  return session;
}
