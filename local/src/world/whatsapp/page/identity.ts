import type { WireContact, WireMe } from '../wire.ts';
import { wid, type Wid } from './ids.ts';

/** Who this device belongs to, and which number hides behind which hidden id. */
export interface IdentityMap {
  setMe(me: WireMe | undefined): void;
  mePn(): Wid | undefined;
  meLid(): Wid | undefined;
  isMe(id: Wid): boolean;
  learn(contact: Pick<WireContact, 'pn' | 'lid'>): void;
  toPn(id: Wid): Wid | undefined;
  toLid(id: Wid): Wid | undefined;
  /** The other id of the same person. */
  alternate(id: Wid): Wid | undefined;
}

export function createIdentityMap(): IdentityMap {
  const lidToPn = new Map<string, Wid>();
  const pnToLid = new Map<string, Wid>();
  let pn: Wid | undefined;
  let lid: Wid | undefined;

  function learn(contact: Pick<WireContact, 'pn' | 'lid'>): void {
    lidToPn.set(contact.lid, wid(contact.pn));
    pnToLid.set(contact.pn, wid(contact.lid));
  }

  return {
    setMe(me) {
      pn = me === undefined ? undefined : wid(me.pn);
      lid = me === undefined ? undefined : wid(me.lid);
      if (me !== undefined) learn(me);
    },
    mePn: () => pn,
    meLid: () => lid,
    isMe: (id) => id.equals(pn) || id.equals(lid),
    learn,
    toPn: (id) => lidToPn.get(id.toString()),
    toLid: (id) => pnToLid.get(id.toString()),
    alternate: (id) => (id.isLid() ? lidToPn.get(id.toString()) : pnToLid.get(id.toString())),
  };
}
