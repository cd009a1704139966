import type { ProbeContext } from '../probe-context.ts';

/** Ticks of what was sent. */
export function probeAck({ need, expects, expectsFunction, expectsListener }: ProbeContext): void {
  expectsFunction('WAWebCollections', 'Msg.on');
  expectsListener('change:ack', 'onMessageAckEvent');
  const own = need('WAWebCollections')
    ?.Msg?.getModelsArray?.()
    .findLast(({ id }) => id.fromMe);
  if (own) expects('Msg.ack', Number.isInteger(own.ack));
}
