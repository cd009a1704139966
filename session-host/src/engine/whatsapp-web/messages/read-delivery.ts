import type { DeliveryState } from '@top-active/core/contracts';

/** https://docs.wwebjs.dev/global.html#MessageAck */
export function readDelivery(ack: number | undefined): DeliveryState {
  if (ack === undefined || ack === 0) return 'pending';
  if (ack < 0) return 'failed';
  if (ack === 1) return 'sent';
  return ack === 2 ? 'delivered' : 'read';
}

/** A failed edit marks the message that it was to change, which has left long before. */
export function deliveryOf({ ack, isSendFailure }: { ack?: number | undefined; isSendFailure?: boolean | undefined }) {
  return isSendFailure === true && (ack ?? 0) < 1 ? 'failed' : readDelivery(ack);
}
