import type { ProbeContext } from '../probe-context.ts';

export function probeRevoke({ expectsFunction }: ProbeContext): void {
  expectsFunction('WAWebCmd', 'Cmd.sendRevokeMsgs');
  expectsFunction('WAWebMsgActionCapability', 'canSenderRevokeMsg');
}
