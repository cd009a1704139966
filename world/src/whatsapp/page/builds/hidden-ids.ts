import type { PageChange } from './change.ts';

/** A chat that is opened with a number goes by the hidden id of who has it. */
export const newChatsByHiddenId: PageChange = {
  name: 'new chats by hidden id',
  apply({ app }) {
    app.opensChatsByHiddenId = true;
  },
};
