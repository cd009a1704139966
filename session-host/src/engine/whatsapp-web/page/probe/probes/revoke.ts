import type { ProbeContext } from '../probe-context.ts';

/** Deleting, for everyone and for the owner alone, and hearing of what others delete. */
export function probeRevoke({ expectsFunction, expectsListener }: ProbeContext): void {
  expectsFunction('WAWebCollections', 'Msg.get');
  expectsFunction('WAWebCollections', 'Chat.get');
  expectsFunction('WAWebCmd', 'Cmd.sendRevokeMsgs');
  expectsFunction('WAWebCmd', 'Cmd.sendDeleteMsgs');
  expectsFunction('WAWebMsgActionCapability', 'canSenderRevokeMsg');
  expectsFunction('WAWebMsgActionCapability', 'canAdminRevokeMsg');
  expectsListener('change:type', 'onChangeMessageTypeEvent');
}
