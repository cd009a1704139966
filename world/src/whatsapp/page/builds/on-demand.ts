import type { PageChange } from './change.ts';

/** August 2026: these come with a bundle of their own, once somebody asks for the component in it. */
export const modulesOnDemand: PageChange = {
  name: 'forwarding and the own name on demand',
  apply({ registry }) {
    registry.onDemand('WAWebChatForwardMessage', 'WAWebMediaForwardMediaMsg');
    registry.onDemand('WAWebSetPushnameConnAction', 'WAWebSetPushnameConnAction');
  },
};
