import { z } from 'zod';
import { newChatCapSchema, reachoutTimelockSchema } from './restriction-schemas.ts';
import { addressings, connectionRefusals } from './types.ts';

/**
 * Lasting faults, for the whole world or for one phone (which then overrides the world). One-time faults are
 * actions: see `faultActionSchema`.
 */
export const faultsSchema = z
  .object({
    /** `hasSynced` is set before the library can listen: its `ready` never comes. */
    fastSync: z.boolean(),
    /** The page shows no sign of life for so long after it loads. Milliseconds. */
    slowBootMs: z.number().int().min(0).max(300_000),
    /** Pause between "connected" and "synced". Milliseconds. */
    syncDelayMs: z.number().int().min(0).max(300_000),
    /** What arrived while the socket was down is stored on its return, but never announced. */
    silentCatchUp: z.boolean(),
    /** Each message is announced twice, with the same id. */
    announceTwice: z.boolean(),
    /** Messages are held back until so many are there, then delivered last first; 0 or 1 is off. */
    reorder: z.number().int().min(0).max(100),
    /** The highest tick that a linked device is told of; 0: not even the first, although the message arrives. */
    maxAck: z.number().int().min(0).max(4),
    /** What a linked device sends is lost before the server: no tick, and nobody gets it. */
    dropSends: z.boolean(),
    /**
     * The connection stays open, the page says CONNECTED, and nothing passes in either direction. What came is told at
     * the next connection.
     */
    deadLink: z.boolean(),
    /** Media is gone from the server. */
    expiredMedia: z.boolean(),
    /** Uploads are refused. */
    refuseUploads: z.boolean(),
    /** Opening a chat with a number that wasn't looked up before fails with "No LID for user". */
    requireLidLookup: z.boolean(),
    /** Linking asks for a passkey. */
    passkeyAtLinking: z.boolean(),
    /** The page asks for it only after a button. */
    passkeyContinue: z.boolean(),
    /** How long it waits for the passkey. Milliseconds. */
    passkeyMs: z.number().int().min(1000).max(600_000),
    /** After the passkey phone and page show a code, which is to be compared. */
    compareCode: z.boolean(),
    /** A device that was unlinked while it was down: `new-qr` in place, or `reload` of the page first. */
    staleSession: z.enum(['new-qr', 'reload']),
    /** How long one QR code is valid. Milliseconds. */
    refMs: z.number().int().min(50).max(600_000),
    /** QR codes shown before the page gives up and idles. */
    refsBeforeIdle: z.number().int().min(1).max(1000),
    /** How long a pairing code is valid. Milliseconds. */
    pairingCodeMs: z.number().int().min(50).max(600_000),
    /** Codes to type are refused, as WhatsApp does for days to who has asked for too many. */
    refusePairingCodes: z.boolean(),
    /**
     * The page isn't told which number is behind a hidden id, as of people whom WhatsApp has not made known to each
     * other.
     */
    hideNumbers: z.boolean(),
    /** How many linked devices a phone takes. WhatsApp's four; 0 is a phone that has all of them already. */
    mostDevices: z.number().int().min(0).max(4),
    /**
     * How long the page takes after `Socket.logout` has returned until it asks WhatsApp to unlink it. WhatsApp's own:
     * up to 3 s. Milliseconds.
     */
    logoutMs: z.number().int().min(0).max(60_000),
    /**
     * What a linked device sends fails: WhatsApp refuses it (`nack`), the page fails before it gets that far (`error`:
     * no tick of −1, only `isSendFailure`), or the page itself refuses it (`restricted`).
     */
    failSends: z.enum(['no', 'nack', 'error', 'restricted']),
    /**
     * By how much the page's pauses between two tries to connect are shorter than WhatsApp's own of 1, 2, 3, 5 … 900 s.
     */
    reconnectScale: z.number().min(0.001).max(1),
    /** The page waits for the phone for so long, once the code is read. Milliseconds. */
    pairingMs: z.number().int().min(0).max(300_000),
    /** Whoever connects is told so instead: the account is banned, the address is blocked, the page is too old. */
    refuseConnections: z.enum(['no', ...connectionRefusals]),
    /** The linked page is covered by WhatsApp's "What’s new", until somebody closes it. */
    whatsNew: z.boolean(),
    /**
     * The linked page loads itself anew so long after its first word, as WhatsApp's does after five minutes; 0 is off.
     * Milliseconds.
     */
    scheduledReloadMs: z.number().int().min(0).max(86_400_000),
    /** At that reload the device is unlinked if it has read the status of others before. */
    revokeAfterStatusRead: z.boolean(),
    /** Looking people up between "connected" and "synced" unlinks the device. */
    flushDuringSync: z.boolean(),
    /** The account may write to nobody who hasn't written to it. */
    reachoutTimelock: reachoutTimelockSchema.nullable(),
    /** How many new conversations the account has left; `CAPPED` refuses more. */
    newChatCap: newChatCapSchema.nullable(),
    /** A newer version of the page is there, and says so. */
    needsUpdate: z.boolean(),
    /** Why a device is unlinked, in WhatsApp's word; the page is told with the unlinking. Empty: it isn't. */
    logoutReason: z.string().max(100),
    /** The name under which others see this phone besides its number, or instead of it; empty: none. */
    username: z.string().max(100),
    /** Linked devices of others never learn this phone's number: they know its hidden id alone. */
    numberUnknown: z.boolean(),
    /** Nobody reaches the page: connections are closed before a word is said (world only). */
    unreachable: z.boolean(),
    /** Modules that the page doesn't have, as after a change of WhatsApp's. */
    missingModules: z.array(z.string().max(100)).max(20),
  })
  .strict();

export type Faults = z.infer<typeof faultsSchema>;

export const noFaults: Faults = {
  fastSync: false,
  slowBootMs: 0,
  syncDelayMs: 0,
  silentCatchUp: false,
  announceTwice: false,
  reorder: 0,
  maxAck: 4,
  dropSends: false,
  deadLink: false,
  expiredMedia: false,
  refuseUploads: false,
  requireLidLookup: false,
  passkeyAtLinking: false,
  passkeyContinue: true,
  passkeyMs: 600_000,
  compareCode: false,
  staleSession: 'new-qr',
  refMs: 20_000,
  refsBeforeIdle: 5,
  pairingCodeMs: 180_000,
  refusePairingCodes: false,
  hideNumbers: false,
  mostDevices: 4,
  logoutMs: 800,
  failSends: 'no',
  reconnectScale: 0.1,
  pairingMs: 0,
  refuseConnections: 'no',
  whatsNew: false,
  scheduledReloadMs: 0,
  revokeAfterStatusRead: false,
  flushDuringSync: false,
  reachoutTimelock: null,
  newChatCap: null,
  needsUpdate: false,
  logoutReason: '',
  username: '',
  numberUnknown: false,
  unreachable: false,
  missingModules: [],
};

/** A fault that happens once, to the linked devices of one phone. */
export const faultActionSchema = z.discriminatedUnion('action', [
  /** `history.pushState`: the library takes it for a navigation and injects itself again. */
  z.object({ action: z.literal('same-document-navigation') }).strict(),
  z
    .object({
      action: z.literal('reload'),
      /**
       * The page is loaded without connecting, and after so long once more: whoever is at work in it is thrown out.
       * Milliseconds.
       */
      againAfterMs: z.number().int().min(1).max(60_000).optional(),
    })
    .strict(),
  /** The socket closes, and stays closed for `downMs`. */
  z.object({ action: z.literal('drop-socket'), downMs: z.number().int().min(0).max(600_000).default(0) }).strict(),
  /** The page's process dies. */
  z.object({ action: z.literal('crash-renderer') }).strict(),
  /** The page's process does nothing else for so long: it answers nobody. */
  z.object({ action: z.literal('hang'), ms: z.number().int().min(1).max(600_000) }).strict(),
  /** The page takes so much more memory, and keeps it. */
  z.object({ action: z.literal('leak'), mib: z.number().int().min(1).max(2_000) }).strict(),
  /** The phone tells its linked devices its battery, as phones did before they were let go offline; no fault at all. */
  z.object({ action: z.literal('tell-battery'), percent: z.int().min(0).max(100), plugged: z.boolean() }).strict(),
  /** Somebody calls, and nobody takes the call; no fault at all. */
  z.object({ action: z.literal('ring'), peer: z.string(), video: z.boolean().default(false) }).strict(),
  /** The linked device is told that another page took its place. */
  z.object({ action: z.literal('conflict') }).strict(),
  /** The chat with `peer` changes from phone number to hidden id. */
  z.object({ action: z.literal('migrate-to-lid'), peer: z.string() }).strict(),
  /** The chat changes to another of the peer's ids, forth or back. */
  z.object({ action: z.literal('change-id'), peer: z.string(), to: z.enum(addressings) }).strict(),
  /** The media of one message expires. */
  z.object({ action: z.literal('expire-media'), media: z.string() }).strict(),
]);

export type FaultAction = z.infer<typeof faultActionSchema>;
