import type { WireClient } from './wire-client.ts';

/** What WhatsApp's page puts over itself between code and link: "Quick security check", then the code to compare. */

let open: { element: HTMLElement; aborting: AbortController } | undefined;

export function closeDialog(): void {
  open?.aborting.abort();
  open?.element.remove();
  open = undefined;
}

export function showPasskeyDialog(
  { challenge, timeout, button }: { challenge: string; timeout: number; button: boolean },
  wire: WireClient,
): void {
  const { element, signal } = openDialog('Quick security check with your passkey');
  const ask = () => {
    void askForPasskey({ challenge, timeout, signal })
      .then((credential) => wire.request('passkey-answer', { credential }))
      .catch((error: unknown) => {
        if (signal.aborted) return undefined;
        return wire.request('passkey-declined', { why: error instanceof Error ? error.name : 'unknown' });
      });
  };
  if (button) element.append(buttonWith('Continue', ask));
  else ask();
}

export function showCodeDialog(code: string, wire: WireClient): void {
  const { element } = openDialog('Check that your phone shows the same code');
  const characters = document.createElement('p');
  // One element for each, as WhatsApp writes codes.
  for (const character of code)
    characters.append(Object.assign(document.createElement('span'), { textContent: character }));
  const confirm = buttonWith('Continue', () => void wire.request('code-confirmed', {}).catch(() => undefined));
  element.append(characters, confirm);
}

async function askForPasskey({
  challenge,
  timeout,
  signal,
}: {
  challenge: string;
  timeout: number;
  signal: AbortSignal;
}): Promise<unknown> {
  if (!(await PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable())) {
    throw new DOMException('This browser has no passkeys.', 'NotSupportedError');
  }
  const extensions: AuthenticationExtensionsClientInputs & { uvm: boolean } = { uvm: true };
  const credential = await navigator.credentials.get({
    signal,
    publicKey: {
      challenge: bytesOf(challenge),
      timeout,
      rpId: 'whatsapp.com',
      allowCredentials: [],
      userVerification: 'required',
      extensions,
    },
  });
  if (!(credential instanceof PublicKeyCredential)) throw new TypeError('This is no passkey.');
  if (!(credential.response instanceof AuthenticatorAssertionResponse)) throw new TypeError('This is no assertion.');
  return credential.toJSON();
}

function openDialog(title: string): { element: HTMLElement; signal: AbortSignal } {
  closeDialog();
  const element = document.createElement('section');
  element.setAttribute('role', 'dialog');
  const heading = document.createElement('h2');
  heading.textContent = title;
  element.append(heading);
  document.body.append(element);
  const aborting = new AbortController();
  open = { element, aborting };
  return { element, signal: aborting.signal };
}

function buttonWith(label: string, press: () => void): HTMLButtonElement {
  const button = document.createElement('button');
  button.textContent = label;
  button.addEventListener('click', ({ isTrusted }) => {
    // A script's click counts for nothing.
    if (!isTrusted) return;
    button.disabled = true;
    press();
  });
  return button;
}

function bytesOf(base64Url: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64Url.replaceAll('-', '+').replaceAll('_', '/')), (one) => one.charCodeAt(0));
}
