import { onMounted, onUnmounted } from 'vue';

export const acceptKey = 'A';

/**
 * `a` accepts when nobody is writing anywhere; Ctrl+Enter (Cmd on a Mac) also from an empty field, never from one with
 * a half-written text in it.
 */
export function useSuggestionKeys({ isOpen, accept }: { isOpen: () => boolean; accept: () => Promise<void> }): void {
  function onKey(event: KeyboardEvent): void {
    if (
      !isOpen() ||
      event.repeat ||
      event.isComposing ||
      event.defaultPrevented ||
      document.querySelector('[role="dialog"], [role="menu"]')
    )
      return;
    if (!isPlainA(event) && !isCtrlEnter(event)) return;
    event.preventDefault();
    void accept();
  }

  onMounted(() => addEventListener('keydown', onKey));
  onUnmounted(() => removeEventListener('keydown', onKey));
}

function isPlainA(event: KeyboardEvent): boolean {
  const plain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.shiftKey;
  return plain && event.key.toUpperCase() === acceptKey && writtenIn(event.target) === undefined;
}

function isCtrlEnter(event: KeyboardEvent): boolean {
  return event.key === 'Enter' && (event.ctrlKey || event.metaKey) && (writtenIn(event.target) ?? '').trim() === '';
}

/** What stands in the field that has the focus; nothing when it isn't a field. */
function writtenIn(target: EventTarget | null): string | undefined {
  if (target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement) return target.value;
  if (target instanceof HTMLSelectElement) return target.value;
  return target instanceof HTMLElement && target.isContentEditable ? target.textContent : undefined;
}
