import { idText, MsgKey, wid, type Wid } from '../ids.ts';
import type { Modules } from '../registry.ts';
import type { ModuleContext } from './module-context.ts';

interface Link {
  href: string;
  value: string;
  isLink: boolean;
  suspiciousCharacters: Set<string>;
}

export function idModules({ app }: ModuleContext): Modules {
  const { identity } = app;
  return {
    WAWebWidFactory: {
      createWid: wid,
      createWidFromWidLike: wid,
      asUserWidOrThrow: (id: unknown) => userWid(id),
    },
    WAWebMsgKey: MsgKey,
    WAWebWidToJid: { widToUserJid: (id: unknown) => wid(id).toJid(), widToGroupJid: (id: unknown) => wid(id).toJid() },
    WAWebJidToWid: { userJidToUserWid: (jid: string) => wid(jid), newsletterJidToWid: (jid: string) => wid(jid) },
    WAWebApiContact: {
      getAlternateUserWid: (id: Wid) => identity.alternate(wid(id)),
      getCurrentLid: (id: Wid) => identity.toLid(wid(id)),
      getPhoneNumber: (id: Wid) => identity.toPn(wid(id)),
    },
    WAWebLidMigrationUtils: {
      toPn: (id: Wid) => identity.toPn(wid(id)),
      toLid: (id: Wid) => identity.toLid(wid(id)),
    },
    WALinkify: { findLinks, findLink: (text: string | undefined) => findLinks(text)[0] },
    WAWebPhoneUtils: { formattedPhoneNumber: (id: unknown) => formatted(idText(id)) },
    WAPhoneFindCC: { findCC: (number: string) => countryCode(number) },
  };
}

function userWid(id: unknown): Wid {
  const made = wid(id);
  if (!made.isUser()) throw new Error(`wid error: not a user: ${made.toString()}`);
  return made;
}

function findLinks(text: string | undefined): Link[] {
  return [...(text ?? '').matchAll(/https?:\/\/\S+/g)].map(([href]) => ({
    href,
    value: href,
    isLink: true,
    suspiciousCharacters: new Set<string>(),
  }));
}

/** The codes that this world's phones are likely to have; the real page knows all. */
const countryCodes = ['55', '351', '54', '56', '57', '44', '49', '34', '33', '39', '1'];

function countryCode(number: string): string {
  return countryCodes.find((code) => number.startsWith(code)) ?? number.slice(0, 2);
}

function formatted(id: string): string {
  const number = id.split('@')[0] ?? '';
  const code = countryCode(number);
  const rest = number.slice(code.length);
  if (code !== '55') return `+${code} ${rest}`;
  return `+55 ${rest.slice(0, 2)} ${rest.slice(2, -4)}-${rest.slice(-4)}`;
}
