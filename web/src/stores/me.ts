import { linkNoticeVersion, type Me, type UpdateMeRequest } from '@top-active/core/contracts';
import { defineStore } from 'pinia';
import { computed, ref } from 'vue';
import { asProblem, type ApiProblem } from '../api/problem.ts';
import { useServices } from '../services.ts';
import { readInTurn } from './read-in-turn.ts';

/** Until the profile is there, times are shown as most of our users would read them. */
const defaultTimeZone = 'America/Sao_Paulo';

export const useMeStore = defineStore('me', () => {
  const { api } = useServices();
  const me = ref<Me>();
  const problem = ref<ApiProblem>();
  const simulated = ref(false);

  const load = readInTurn(async () => {
    try {
      me.value = await api.me.get();
      problem.value = undefined;
    } catch (error) {
      problem.value = asProblem(error);
    }
  });

  /** @throws ApiProblem */
  async function update(patch: UpdateMeRequest): Promise<void> {
    me.value = await api.me.update(patch);
  }

  /** Of the version that this app shows. @throws ApiProblem whatsapp_notice_outdated */
  async function acceptLinkNotice(): Promise<void> {
    me.value = await api.whatsapp.acceptNotice({ version: linkNoticeVersion });
  }

  async function askWhetherSimulated(): Promise<void> {
    try {
      simulated.value = (await api.health()).simulated;
    } catch (error) {
      problem.value = asProblem(error);
    }
  }

  return {
    me,
    problem,
    simulated,
    timeZone: computed(() => me.value?.timeZone ?? defaultTimeZone),
    load,
    update,
    acceptLinkNotice,
    askWhetherSimulated,
  };
});
