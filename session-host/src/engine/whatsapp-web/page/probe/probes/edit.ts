import type { ProbeContext } from '../probe-context.ts';

/** Editing what was sent, and hearing of others' edits. */
export function probeEdit({ expectsFunction, expectsListener }: ProbeContext): void {
  expectsFunction('WAWebSendMessageEditAction', 'sendMessageEdit');
  expectsFunction('WAWebMsgActionCapability', 'canEditText');
  expectsFunction('WAWebMsgActionCapability', 'canEditCaption');
  expectsListener('change:body change:caption', 'onEditMessageEvent');
}
