import { nextTick, onBeforeUpdate, onMounted, onScopeDispose, onUpdated, ref, type Ref } from 'vue';

export interface ThreadScrollOptions {
  /** Pixels from the bottom at which the thread was left; 0 is the bottom itself. */
  start: number;
  /** Ids at both ends of what is drawn. */
  ends: () => { first: string | undefined; last: string | undefined };
  /** True when what was appended is the person's own: they want to see it. */
  lastIsOwn: () => boolean;
  onNearTop: () => void;
}

/** So near an edge that it counts as being there. */
const nearBottom = 80;
const nearTop = 400;

/**
 * Holds what is being read still: older messages push in above without a jump, new ones below only move the thread for
 * who is at its end.
 */
export function useThreadScroll(box: Readonly<Ref<HTMLElement | null>>, options: ThreadScrollOptions) {
  const atBottom = ref(options.start < nearBottom);
  const distance = ref(options.start);
  let before = { top: 0, height: 0, first: undefined as string | undefined, last: undefined as string | undefined };
  let placed = false;

  onBeforeUpdate(remember);
  onUpdated(settle);
  onMounted(() => {
    remember();
    place();
    for (const element of [box.value, box.value?.firstElementChild]) if (element) sizes.observe(element);
  });

  /** The keyboard of a phone, the suggestion card, a growing text: whoever was at the end stays there. */
  const sizes = new ResizeObserver(() => {
    if (placed && atBottom.value) jumpToBottom();
  });
  onScopeDispose(() => sizes.disconnect());

  function remember(): void {
    const { first, last } = options.ends();
    before = { ...before, top: box.value?.scrollTop ?? 0, height: box.value?.scrollHeight ?? 0 };
    if (!placed) before = { ...before, first, last };
  }

  /** Once the first messages are there: where the person left off. */
  function place(): void {
    const element = box.value;
    const { first, last } = options.ends();
    if (placed || !element || first === undefined) return;
    placed = true;
    before = { ...before, first, last };
    element.scrollTop = element.scrollHeight - element.clientHeight - options.start;
    measure();
  }

  function settle(): void {
    const element = box.value;
    if (!element) return;
    if (!placed) return place();
    const { first, last } = options.ends();
    const prepended = first !== before.first && last === before.last;
    if (prepended) element.scrollTop = before.top + element.scrollHeight - before.height;
    else if (atBottom.value || (last !== before.last && options.lastIsOwn())) jumpToBottom();
    before = { ...before, first, last };
    if (prepended) measure();
  }

  function measure(): void {
    const element = box.value;
    if (!element) return;
    distance.value = Math.max(0, element.scrollHeight - element.clientHeight - element.scrollTop);
    atBottom.value = distance.value < nearBottom;
    if (placed && element.scrollTop < nearTop) options.onNearTop();
  }

  function jumpToBottom(): void {
    if (box.value) box.value.scrollTop = box.value.scrollHeight;
    measure();
  }

  async function scrollToBottom(): Promise<void> {
    await nextTick();
    const far = distance.value > 3 * (box.value?.clientHeight ?? 0);
    box.value?.scrollTo({ top: box.value.scrollHeight, behavior: far ? 'instant' : 'smooth' });
  }

  return { atBottom, distance, measure, scrollToBottom };
}
