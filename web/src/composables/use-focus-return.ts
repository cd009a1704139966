import { nextTick, watch, type Ref } from 'vue';

/** Gives the focus back to where it was before something opened over the page. */
export function useFocusReturn(open: Readonly<Ref<boolean>>): void {
  let origin: HTMLElement | undefined;

  watch(open, async (isOpen) => {
    if (isOpen) {
      origin = document.activeElement instanceof HTMLElement ? document.activeElement : undefined;
      return;
    }
    await nextTick();
    if (origin?.isConnected) origin.focus();
  });
}
