import type { WireCall } from '../../wire.ts';
import { Collection } from '../collection.ts';
import { wid } from '../ids.ts';
import { PlainModel } from '../models.ts';

/** Calls that ring. Until September 2026 the library hears of them by the map that this collection keeps them in. */
export class CallCollection extends Collection<PlainModel> {
  /** Whether a call becomes the active one, with an event, and stays out of the map. */
  announcesActiveCall = false;
  activeCall: PlainModel | undefined;
  readonly calls = new Map<string, PlainModel>();

  ring({ id, peer, isVideo }: WireCall): void {
    const call = new PlainModel({
      id,
      peerJid: wid(peer),
      isVideo,
      isGroup: false,
      canHandleLocally: false,
      outgoing: false,
      webClientShouldHandle: false,
      participants: [],
    });
    if (this.announcesActiveCall) {
      const before = this.activeCall;
      this.activeCall = call;
      this.trigger('change:activeCall', call, before);
    } else this.calls.set(id, call);
  }
}
