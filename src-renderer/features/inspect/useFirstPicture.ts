import { onScopeDispose, readonly, ref, watch, type Ref } from 'vue';

/** Milliseconds after which everything is shown, picture or not. */
const longest = 400;

/**
 * Whether the first picture has been given to the screen, or has taken too long. What stands around it waits for
 * that: without a graphics card laying out and painting the panels takes longer than the picture.
 */
export function useFirstPicture(picture: () => unknown): Readonly<Ref<boolean>> {
  const drawn = ref(false);
  const show = () => (drawn.value = true);
  const late = setTimeout(show, longest);
  onScopeDispose(() => clearTimeout(late));

  const stop = watch(picture, (present) => {
    if (!present) return;
    stop();
    // A task after the frame in which the viewer draws: the panels are no part of that frame.
    requestAnimationFrame(() => setTimeout(show));
  });
  return readonly(drawn);
}
