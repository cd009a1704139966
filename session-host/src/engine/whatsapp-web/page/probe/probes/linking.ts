import type { ProbeContext } from '../probe-context.ts';

/** How the account would be linked anew. */
export function probeLinking({ need, expects, expectsFunction }: ProbeContext): void {
  expects('WAWebConnModel.Conn', typeof need('WAWebConnModel')?.Conn === 'object');
  expectsFunction('WAWebAltDeviceLinkingApi', 'startAltLinkingFlow');
  expectsFunction('WAWebLaunchSocketUtils', 'refreshQR');
}
