import type { ProbeContext } from '../probe-context.ts';

/** How the account would be linked anew: by a code to scan, of which these are the parts, and by one to type. */
export function probeLinking({ need, expects, expectsFunction }: ProbeContext): void {
  expectsFunction('WAWebConnModel', 'Conn.on');
  expectsFunction('WAWebSignalStoreApi', 'waSignalStore.getRegistrationInfo');
  expectsFunction('WAWebUserPrefsInfoStore', 'waNoiseInfo.get');
  expectsFunction('WABase64', 'encodeB64');
  expectsFunction('WAWebUserPrefsMultiDevice', 'getADVSecretKey');
  expects(
    'WAWebCompanionRegClientUtils.DEVICE_PLATFORM',
    Reflect.get(need('WAWebCompanionRegClientUtils') ?? {}, 'DEVICE_PLATFORM') !== undefined,
  );
  expectsFunction('WAWebAltDeviceLinkingApi', 'setPairingType');
  expectsFunction('WAWebAltDeviceLinkingApi', 'initializeAltDeviceLinking');
  expectsFunction('WAWebAltDeviceLinkingApi', 'initializeQRLinking');
  expectsFunction('WAWebAltDeviceLinkingApi', 'startAltLinkingFlow');
  expectsFunction('WAWebLaunchSocketUtils', 'refreshQR');
}
