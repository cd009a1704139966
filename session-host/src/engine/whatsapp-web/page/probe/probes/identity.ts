import type { ProbeContext } from '../probe-context.ts';

/** A key made from known parts says what it is made of. Its text can be composed of that where it doesn't give it. */
export function probeIdentity({ need, expects, manages }: ProbeContext): void {
  const person = '12025550123@c.us';
  const id = '3EB00000000000000000';
  const wid = need('WAWebWidFactory')?.createWid?.(person);
  const exported = need('WAWebMsgKey');
  const Key = exported?.default ?? exported;
  expects('WAWebWidFactory.createWid', wid !== undefined);
  expects('WAWebMsgKey', Key !== undefined);
  const me = need('WAWebUserPrefsMeUser');
  // Before anybody is logged in no key can be made.
  if (!wid || !Key || !(me?.getMaybeMePnUser?.() ?? me?.getMaybeMeLidUser?.())) return;
  const key = new Key({ fromMe: true, remote: wid, id });
  expects('MsgKey.id, fromMe, remote', key.id === id && key.fromMe && String(key.remote) === person);
  if (key._serialized !== `true_${person}_${id}`) manages('message ids are composed of their parts');
}
