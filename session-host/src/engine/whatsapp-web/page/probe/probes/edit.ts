import type { ProbeContext } from '../probe-context.ts';

export function probeEdit({ expectsFunction }: ProbeContext): void {
  expectsFunction('WAWebSendMessageEditAction', 'sendMessageEdit');
  expectsFunction('WAWebMsgActionCapability', 'canEditText');
}
