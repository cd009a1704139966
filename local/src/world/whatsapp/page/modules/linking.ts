import type { Modules } from '../registry.ts';
import { base64 } from '../session.ts';
import { ServerStatusCodeError } from '../wire-client.ts';
import { unlinkBehind } from '../unlinking.ts';
import type { ModuleContext } from './index.ts';

export function linkingModules({ app, browser, leave }: ModuleContext): Modules {
  const { socket, conn, cmd, stream, wire, identity } = app;

  Object.assign(socket, {
    logout: () => unlinkBehind(app, leave),
    takeover(): void {
      socket.set({ state: 'OPENING' });
      wire.connect();
    },
    reconnect: () => wire.reconnect(),
  });
  hide(socket, ['logout', 'takeover', 'reconnect']);
  Object.assign(conn, { canSetMyPushname: () => true });
  hide(conn, ['canSetMyPushname']);
  Object.assign(stream, {
    markAvailable: () => stream.set({ available: true }),
    markUnavailable: () => stream.set({ available: false }),
  });
  hide(stream, ['markAvailable', 'markUnavailable']);
  cmd.refreshQR = () => wire.request('refresh-ref', {});

  return {
    WAWebSocketModel: { Socket: socket },
    WAWebConnModel: { Conn: conn },
    WAWebCmd: { Cmd: cmd },
    WAWebStreamModel: { Stream: stream },
    WAWebOfflineHandler: {
      OfflineMessageHandler: { getOfflineDeliveryProgress: () => app.offlineProgress },
    },
    WAWebAltDeviceLinkingApi: {
      setPairingType: () => {},
      initializeAltDeviceLinking: () => Promise.resolve(),
      initializeQRLinking: () => Promise.resolve(),
      startAltLinkingFlow: (phone: string) =>
        wire.request('pairing-code', { phone }).then(
          ({ code }) => code,
          (error: unknown) => Promise.reject(companionHelloError(error)),
        ),
    },
    WAWebLaunchSocketUtils: { refreshQR: () => wire.request('refresh-ref', {}) },
    WABase64: { encodeB64: base64 },
    WAWebCompanionRegClientUtils: { DEVICE_PLATFORM: '1' },
    WAWebAdvSignatureApi: {},
    WAWebUserPrefsInfoStore: {
      waNoiseInfo: { get: () => Promise.resolve({ staticKeyPair: { pubKey: app.device.noiseKey } }) },
    },
    WAWebSignalStoreApi: {
      waSignalStore: {
        getRegistrationInfo: () => Promise.resolve({ identityKeyPair: { pubKey: app.device.identityKey } }),
      },
    },
    WAWebUserPrefsMultiDevice: { getADVSecretKey: () => app.device.advSecret },
    WAWebUserPrefsMeUser: {
      getMaybeMePnUser: () => identity.mePn(),
      getMaybeMeLidUser: () => identity.meLid(),
      getMeUser: () => identity.mePn(),
    },
    WAWebMiscBrowserUtils: browser,
    WAWebPresenceChatAction: {
      sendPresenceAvailable: () => wire.request('presence', { available: true }),
      sendPresenceUnavailable: () => wire.request('presence', { available: false }),
    },
    WAWebSetPushnameConnAction: {
      async setPushname(name: string): Promise<void> {
        await wire.request('set-name', { name });
        conn.set({ pushname: name });
      },
    },
  };
}

/** Not an `Error`, as WhatsApp's own: of what is thrown, puppeteer tells nothing but the minified name of its class. */
function companionHelloError(error: unknown) {
  if (!(error instanceof ServerStatusCodeError)) return error;
  const [name, text] =
    error.status === 429 ? ['IQErrorRateOverlimit', 'rate-overlimit'] : ['IQErrorItemNotFound', 'item-not-found'];
  return { name: 'CompanionHelloError', type: { name, value: { text, code: error.status } } };
}

/** Functions of a model are not attributes: they stay out of `{...model}`. */
function hide(model: object, names: string[]): void {
  for (const name of names) Object.defineProperty(model, name, { enumerable: false });
}
