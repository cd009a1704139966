import { z } from 'zod';
import { defineStore } from 'pinia';
import { ref } from 'vue';
import { useServices } from '../services.ts';

const resetSchema = z.object({ email: z.string(), session: z.string() });
type Reset = z.infer<typeof resetSchema>;
const resetKey = 'top-active:password-reset';

/** A new password that waits for the code from the e-mail; survives a reload of the tab. */
export const usePasswordResetStore = defineStore('password-reset', () => {
  const { api, session: storage } = useServices();
  const pending = ref(readReset(storage));

  async function ask(email: string): Promise<void> {
    const { session } = await api.auth.forgotPassword({ email });
    keep({ email, session });
  }

  async function change({ code, password }: { code: string; password: string }): Promise<void> {
    if (!pending.value) return;
    await api.auth.resetPassword({ ...pending.value, code, password });
    keep(undefined);
  }

  function keep(reset: Reset | undefined): void {
    pending.value = reset;
    if (reset) storage.setItem(resetKey, JSON.stringify(reset));
    else storage.removeItem(resetKey);
  }

  return { pending, ask, change, startOver: () => keep(undefined) };
});

function readReset(storage: Storage): Reset | undefined {
  try {
    return resetSchema.parse(JSON.parse(storage.getItem(resetKey) ?? 'null'));
  } catch {
    return undefined;
  }
}
