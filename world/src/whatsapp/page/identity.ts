import type { WireContact, WireMe } from '../wire.ts';
import { wid, type Wid } from './ids.ts';

/** Who this device belongs to, and which number hides behind which hidden id. */
export interface IdentityMap {
  setMe(me: WireMe | undefined): void;
  mePn(): Wid | undefined;
  meLid(): Wid | undefined;
  isMe(id: Wid): boolean;
  /** A number that isn't told stays unknown. */
  learn(contact: Pick<WireContact, 'pn' | 'lid'>): void;
  toPn(id: Wid): Wid | undefined;
  toLid(id: Wid): Wid | undefined;
  /** While it hides numbers, it tells nobody's other id but the owner's. */
  hideNumbers(isOn: boolean): void;
  /** The other id of the same person. */
  alternate(id: Wid): Wid | undefined;
}

export function createIdentityMap(): IdentityMap {
  const lidToPn = new Map<string, Wid>();
  const pnToLid = new Map<string, Wid>();
  let pn: Wid | undefined;
  let lid: Wid | undefined;
  let isHiding = false;

  function learn(contact: Pick<WireContact, 'pn' | 'lid'>): void {
    if (contact.pn === null) return;
    lidToPn.set(contact.lid, wid(contact.pn));
    pnToLid.set(contact.pn, wid(contact.lid));
  }

  const isMe = (id: Wid) => id.equals(pn) || id.equals(lid);
  const isHidden = (id: Wid) => isHiding && !isMe(id);
  const toPn = (id: Wid) => (isHidden(id) ? undefined : lidToPn.get(id.toString()));
  const toLid = (id: Wid) => (isHidden(id) ? undefined : pnToLid.get(id.toString()));

  return {
    setMe(me) {
      pn = me === undefined ? undefined : wid(me.pn);
      lid = me === undefined ? undefined : wid(me.lid);
      if (me !== undefined) learn(me);
    },
    mePn: () => pn,
    meLid: () => lid,
    isMe,
    learn,
    hideNumbers(isOn) {
      isHiding = isOn;
    },
    toPn,
    toLid,
    alternate: (id) => (id.isLid() ? toPn(id) : toLid(id)),
  };
}
