import type { Locale } from '@top-active/core/contracts';
import { fold } from './fold.ts';

const words: Record<Locale, RegExp> = {
  'pt-BR':
    /\b(oi|ola|bom|boa|dia|tarde|noite|voce|voces|quero|queria|gostaria|preciso|posso|pode|tem|tenho|horario|amanha|hoje|semana|para|pra|com|por|favor|obrigad[oa]|sim|nao|quanto|custa|onde|marcar|agendar|uma?|meu|minha|sou|que|depois|as|de|do|da|na|no|e)\b/g,
  en: /\b(hi|hello|hey|good|morning|afternoon|evening|i|i'm|you|your|want|need|would|like|could|can|please|have|do|is|are|the|an?|tomorrow|today|next|week|at|on|for|thanks?|yes|how|much|where|what|book|appointment|schedule|my|me|to|of|and)\b/g,
};

/** Language of what was said, newest first. Undecided text is taken for Portuguese. */
export function languageOf(texts: readonly string[]): Locale {
  for (const text of texts) {
    const folded = fold(text);
    const [portuguese, english] = (['pt-BR', 'en'] as const).map((locale) => folded.match(words[locale])?.length ?? 0);
    if ((english ?? 0) > (portuguese ?? 0)) return 'en';
    if ((portuguese ?? 0) > (english ?? 0)) return 'pt-BR';
  }
  return 'pt-BR';
}
