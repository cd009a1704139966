import type { ConnectWhatsAppRequest, LinkState, Pairing } from '@top-active/core/contracts';
import { computed, ref, watch } from 'vue';
import { useSetupStore } from '../stores/setup.ts';
import { useSubmit } from './use-submit.ts';

/** Where a code to type may be asked for: everywhere but where the phone has acted, or a session runs. */
const states = new Set<LinkState>(['unlinked', 'starting', 'qr', 'code', 'qr_expired', 'logged_out', 'failed']);

/**
 * The way to link by a code that is typed on the phone: its form, and what is shown of the code.
 * @param request what is said with each request for a code
 */
export function usePairingCode(request: () => ConnectWhatsAppRequest) {
  const setup = useSetupStore();
  const wanted = ref(false);
  /** Asked for, but the session host doesn't show it yet. */
  const askedFor = ref<string>();
  const tried = ref('');
  const renewing = useSubmit((phone: string) => setup.pairByCode(phone, request()));
  const leaving = useSubmit(setup.pairByQr);

  const state = computed(() => setup.whatsapp?.state);
  const mayAsk = computed(() => state.value !== undefined && states.has(state.value));
  const pairing = computed<Pairing | undefined>(() => {
    if (state.value === 'code') return setup.whatsapp?.pairing;
    return askedFor.value === undefined || !mayAsk.value ? undefined : { phone: askedFor.value };
  });

  // Whatever comes next is the answer, be it in this tab or another.
  watch(state, (now) => {
    if (now !== 'starting' && now !== 'qr') askedFor.value = undefined;
  });

  async function ask(phone: string): Promise<void> {
    await setup.pairByCode(phone, request());
    askedFor.value = state.value === 'code' ? undefined : phone;
    wanted.value = false;
  }

  async function leave(): Promise<void> {
    wanted.value = false;
    askedFor.value = undefined;
    await leaving.run();
  }

  return {
    /** The form stands there. */
    isAsking: computed(() => wanted.value && mayAsk.value),
    pairing,
    tried,
    busy: computed(() => renewing.busy.value || leaving.busy.value),
    problem: computed(() => renewing.problem.value ?? leaving.problem.value),
    /** Shows the form. */
    open(phone = ''): void {
      tried.value = phone === '' ? '' : `+${phone}`;
      wanted.value = true;
    },
    close(): void {
      wanted.value = false;
    },
    ask,
    renew: renewing.run,
    leave,
  };
}
