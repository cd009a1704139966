import type { ProbeContext } from '../probe-context.ts';

/** The modules by which the library sends a text, under the names by which it asks for them. */
export function probeSend({ expectsFunction }: ProbeContext): void {
  expectsFunction('WAWebSendMsgChatAction', 'addAndSendMsgToChat');
  expectsFunction('WAWebMsgKey', 'newId', 'default.newId');
  expectsFunction('WAWebFindChatAction', 'findOrCreateLatestChat');
  expectsFunction('WAWebUserPrefsMeUser', 'getMaybeMePnUser');
  expectsFunction('WAWebUserPrefsMeUser', 'getMaybeMeLidUser');
  expectsFunction('WAWebChatGetters', 'getIsNewsletter');
  expectsFunction('WAWebChatGetters', 'getIsBroadcast');
  expectsFunction('WALinkify', 'findLink');
  expectsFunction('WAWebGetEphemeralFieldsMsgActionsUtils', 'getEphemeralFields');
}
