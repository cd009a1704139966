import { nextTick, onMounted, onUnmounted, ref, watch, type Ref, type ShallowRef } from 'vue';
import type { Message } from './api.ts';

/** Closer to the end than this counts as reading the newest. */
const nearPx = 60;

/**
 * Keeps the newest message in view while the reader is there or has just written, and leaves the reader alone who
 * scrolled up: `unseen` then says that something arrived below.
 */
export function useThreadScroll({
  scroller,
  content,
  messages,
}: {
  scroller: Readonly<ShallowRef<HTMLElement | null>>;
  content: Readonly<ShallowRef<HTMLElement | null>>;
  messages: () => Message[];
}): { unseen: Ref<boolean>; toEnd(): void; scrolled(): void } {
  const unseen = ref(false);
  let following = true;
  const observer = new ResizeObserver(() => following && toEnd());

  function toEnd(): void {
    following = true;
    unseen.value = false;
    if (scroller.value) scroller.value.scrollTop = scroller.value.scrollHeight;
  }

  function scrolled(): void {
    const element = scroller.value;
    if (!element) return;
    following = element.scrollHeight - element.scrollTop - element.clientHeight < nearPx;
    if (following) unseen.value = false;
  }

  watch(
    () => messages().at(-1),
    async (now, before) => {
      if (now?.seq === before?.seq) return;
      if (now?.fromMe) following = true;
      else if (!following) unseen.value = true;
      await nextTick();
      if (following) toEnd();
    },
  );
  watch(
    () => messages()[0]?.seq,
    async () => {
      // Older ones came in above: what was being read stays where it is.
      const element = scroller.value;
      if (!element || following) return;
      const fromEnd = element.scrollHeight - element.scrollTop;
      await nextTick();
      element.scrollTop = element.scrollHeight - fromEnd;
    },
    { flush: 'pre' },
  );
  onMounted(() => {
    if (scroller.value) observer.observe(scroller.value);
    if (content.value) observer.observe(content.value);
    toEnd();
  });
  onUnmounted(() => observer.disconnect());
  return { unseen, toEnd, scrolled };
}
