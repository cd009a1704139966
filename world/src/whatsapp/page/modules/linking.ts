import type { Modules } from '../registry.ts';
import { base64 } from '../session.ts';
import { altLinkingModules } from './alt-linking.ts';
import { unlinkBehind } from '../unlinking.ts';
import type { ModuleContext } from './module-context.ts';

export function linkingModules({ app, browser, leave }: ModuleContext): Modules {
  const { socket, conn, cmd, stream, wire, identity } = app;

  Object.assign(socket, {
    logout: () => unlinkBehind(app, leave),
    takeover(): never {
      throw new Error('takeover without conflict');
    },
    reconnect: () => wire.reconnect(),
    initConn: () => wire.connect(),
  });
  hide(socket, ['logout', 'takeover', 'reconnect', 'initConn']);
  Object.assign(conn, { canSetMyPushname: () => true });
  hide(conn, ['canSetMyPushname']);
  Object.assign(stream, {
    markAvailable: () => stream.set({ available: true }),
    markUnavailable: () => stream.set({ available: false }),
  });
  hide(stream, ['markAvailable', 'markUnavailable']);

  return {
    WAWebSocketModel: { Socket: socket },
    WAComms: { maybeResetSocketLoop: () => wire.hurry() },
    WAWebConnModel: { Conn: conn },
    WAWebCmd: { Cmd: cmd },
    WAWebStreamModel: { Stream: stream },
    WAWebOfflineHandler: {
      OfflineMessageHandler: { getOfflineDeliveryProgress: () => app.offlineProgress },
    },
    // The connection is stopped and begun anew behind it.
    WAWebLaunchSocketUtils: { refreshQR: () => wire.restart() },
    ...altLinkingModules(app),
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
    WAWebUserPrefsMeUser: {
      getMaybeMePnUser: () => identity.mePn(),
      getMaybeMeLidUser: () => identity.meLid(),
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

/** Functions of a model are not attributes: they stay out of `{...model}`. */
function hide(model: object, names: string[]): void {
  for (const name of names) Object.defineProperty(model, name, { enumerable: false });
}
