import { useToast } from '@nuxt/ui/composables/useToast';
import { asProblem } from '../api/problem.ts';
import { useText } from '../i18n/i18n.ts';

/** Short news at the edge of the screen, for what has no place of its own on the page. */
export function useNotices() {
  const toast = useToast();
  const { t } = useText();

  function good(text: string): void {
    toast.add({ title: text, color: 'success', icon: 'i-lucide-circle-check' });
  }

  function bad(text: string): void {
    toast.add({ title: text, color: 'error', icon: 'i-lucide-circle-alert' });
  }

  /** Runs an action whose only way to report a problem is a notice. Tells whether it went well. */
  async function guard(action: () => Promise<unknown>): Promise<boolean> {
    try {
      await action();
      return true;
    } catch (error) {
      bad(t(`problems.${asProblem(error).code}`));
      return false;
    }
  }

  return { good, bad, guard };
}
