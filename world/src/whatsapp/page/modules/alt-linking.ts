import type { App } from '../app.ts';
import { newSecret } from '../device-store.ts';
import type { Modules } from '../registry.ts';
import { ServerStatusCodeError } from '../wire-client.ts';

/** WhatsApp's own error, whose message ends in the name of what the server answered. */
class CompanionHelloError extends Error {
  override readonly name = 'CompanionHelloError';
  readonly type: { name: string; value: { text: string; code: number } };

  constructor(type: CompanionHelloError['type']) {
    super(`companion hello failed: ${type.name}`);
    this.type = type;
  }
}

/**
 * Linking with a code to type. The secret that a QR code carries goes with the mode: there is none while a code is
 * wanted, and a new one afterwards, so that codes to scan from before are void.
 */
export function altLinkingModules(app: App): Modules {
  const { wire, store } = app;
  let stage: 'Uninitialized' | 'Initialized' = 'Uninitialized';

  async function changeSecret(advSecret: string | undefined): Promise<void> {
    app.device = { ...app.device, advSecret };
    wire.send({ t: 'secret', secret: advSecret ?? null });
    await store.save(app.device);
  }

  return {
    WAWebAltDeviceLinkingApi: {
      setPairingType: (_type: string) => undefined,
      async initializeAltDeviceLinking(): Promise<void> {
        stage = 'Initialized';
        await changeSecret(undefined);
      },
      async initializeQRLinking(): Promise<void> {
        stage = 'Uninitialized';
        await changeSecret(newSecret());
      },
      async startAltLinkingFlow(phone: string): Promise<string> {
        if (stage !== 'Initialized') throw new Error('Invariant violation: alt device linking is not initialized');
        try {
          return (await wire.request('pairing-code', { phone })).code;
        } catch (error) {
          throw error instanceof ServerStatusCodeError ? companionHelloError(error) : error;
        }
      },
    },
    WAWebUserPrefsMultiDevice: { getADVSecretKey: () => app.device.advSecret },
  };
}

function companionHelloError({ status }: ServerStatusCodeError): CompanionHelloError {
  const [name, text] =
    status === 429 ? ['IQErrorRateOverlimit', 'rate-overlimit'] : ['IQErrorItemNotFound', 'item-not-found'];
  return new CompanionHelloError({ name, value: { text, code: status } });
}
