import { MsgModel } from '../models.ts';
import { MediaData } from '../modules/uploads.ts';
import type { PageChange } from './change.ts';

/**
 * September 2026: a file that is being sent has a private id, empty, which overwrites the message's where both are
 * spread into one.
 */
export const mediaWithPrivateId: PageChange = {
  name: 'media with a private id',
  apply() {
    MediaData.hasPrivateId = true;
  },
};

/** September 2026: a message without an id can't be made. */
export const messagesNeedTheirId: PageChange = {
  name: 'messages that need their id',
  apply() {
    MsgModel.checkId = (id) => {
      if (id === undefined) {
        const sentence = `Data passed to getter must include an id property (it's how we memoize) but got ${String(id)}`;
        throw new Error(sentence);
      }
    };
  },
};
