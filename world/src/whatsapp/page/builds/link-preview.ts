import { previewOf, type Link } from '../modules/messages.ts';
import type { PageChange } from './change.ts';
import { partOf } from './part-of.ts';

/** September 2026: the preview of a link is the answer itself, no longer its `data`. */
export const previewItself: PageChange = {
  name: 'getLinkPreview without .data',
  apply({ modules }) {
    partOf(modules, 'WAWebLinkPreviewChatAction').getLinkPreview = (link: Link) => Promise.resolve(previewOf(link));
  },
};
