import { inject, type InjectionKey } from 'vue';
import type { Access } from './api/access.ts';
import type { Api } from './api/api.ts';
import type { AppI18n } from './i18n/i18n.ts';
import type { Socket } from './realtime/realtime.ts';
import type { Theme } from './theme.ts';

/** What stores and components get from the app instead of importing it: the network and where things are remembered. */
export interface Services {
  api: Api;
  access: Access;
  i18n: AppI18n;
  theme: Theme;
  openSocket: (path: string, protocols: string[]) => Socket;
  /** Leaves the app for another page; everything in memory goes. */
  leave: (url: string) => void;
  /** Outlives the tab. */
  local: Storage;
  /** Dies with the tab. */
  session: Storage;
}

export const servicesKey: InjectionKey<Services> = Symbol('services');

export function useServices(): Services {
  const services = inject(servicesKey);
  if (!services) throw new Error('No services: install the app with createTopActive.');
  return services;
}
