import { passkeyCredentialSchema, type PasskeyAnswer, type PasskeyRequest } from '@top-active/core/contracts';
import { onScopeDispose, ref, watchEffect } from 'vue';
import { z } from 'zod';

/** What the link extension reads, and what it answers with: see link-extension/README.md. */
const metaName = 'top-active-passkey-request';
const answerSchema = z.intersection(
  z.object({ type: z.literal('top-active-passkey-answer'), v: z.literal(1), requestId: z.string() }),
  z.discriminatedUnion('outcome', [
    z.object({ outcome: z.enum(['opened', 'closed', 'refused']) }),
    z.object({ outcome: z.literal('signed'), credential: passkeyCredentialSchema }),
  ]),
);

/**
 * Shows the request to the extension for as long as it is pending, and hears its answer. Nothing tells whether the
 * extension is there before the user's click on it. `tab` says what became of WhatsApp's tab.
 */
export function usePasskeyExtension(
  pending: () => PasskeyRequest | undefined,
  onAnswer: (requestId: string, answer: PasskeyAnswer) => void,
) {
  const tab = ref<'none' | 'open' | 'closed'>('none');
  let meta: HTMLMetaElement | undefined;

  function hide(): void {
    meta?.remove();
    meta = undefined;
  }

  watchEffect(() => {
    const request = pending();
    hide();
    if (!request) return;
    const { requestId, challenge, allowCredentials, extensions, expiresAt } = request;
    meta = document.createElement('meta');
    meta.name = metaName;
    meta.content = JSON.stringify({ v: 1, requestId, challenge, allowCredentials, extensions, expiresAt });
    document.head.append(meta);
  });

  function hear({ data, origin, source }: MessageEvent<unknown>): void {
    // The extension speaks from within this very window.
    if (source !== window || origin !== location.origin) return;
    const answer = answerSchema.safeParse(data);
    const request = pending();
    if (!answer.success || !request || answer.data.requestId !== request.requestId) return;
    switch (answer.data.outcome) {
      case 'opened':
        tab.value = 'open';
        break;
      case 'closed':
        tab.value = 'closed';
        break;
      case 'refused':
        onAnswer(request.requestId, { outcome: 'refused' });
        break;
      case 'signed':
        onAnswer(request.requestId, { outcome: 'signed', credential: answer.data.credential });
        break;
      default:
        answer.data satisfies never;
    }
  }

  window.addEventListener('message', hear);
  onScopeDispose(() => {
    window.removeEventListener('message', hear);
    hide();
  });

  return { tab };
}
