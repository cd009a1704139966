import { deliveryStates, type DeliveryState } from '../contracts/chats.ts';

/** Whether ticks may change so: forward only (acks arrive late and twice), and nothing follows `failed`. */
export function advances(from: DeliveryState, to: DeliveryState): boolean {
  // What was delivered or read has not failed, whatever a late error says.
  if (to === 'failed') return from === 'pending' || from === 'sent';
  return from !== 'failed' && deliveryStates.indexOf(to) > deliveryStates.indexOf(from);
}
