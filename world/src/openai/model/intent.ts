import type { Conversation } from './conversation.ts';
import { fold } from './fold.ts';
import { declines, type Wish } from './wish.ts';

export type Intent = 'schedule' | 'reschedule' | 'cancel' | 'question' | 'confirm' | 'thanks' | 'greeting' | 'other';

const cancel = /\b(cancel\w*|desmarc\w*|call off)\b/;
const reschedule =
  /\b(remarc\w*|reagend\w*|adiar|antecipar|reschedul\w*|(mudar|trocar|alterar|change|move|switch)\b.{0,30}\b(horario|hora|dia|data|consulta|appointment|booking|time|day))\b/;
const schedule =
  /\b(marc(ar|a|o|em|ando)|agend(ar|a|o|em|amento)|reserv(ar|a|e)|horarios?|vagas?|encaixe|disponibilidade|disponivel|atende[mr]?|appointments?|book(ing)?|schedule|slots?|availab\w*|come in|see you|opening)\b/;
const question =
  /\b(quanto (custa|fica|e|sai)|precos?|valor(es)?|orcamento|enderecos?|onde (fica|e|voces)|localizacao|estacionamento|convenio|pix|cartao|parcela\w*|telefone|how much|prices?|costs?|fees?|address|where (are|is)|located|location|parking|insurance|pay(ment)?|phone number|rating)\b/;
const thanks =
  /\b(obrigad[oa]|valeu|agradeco|ate (logo|mais|amanha|la)|tchau|thanks?|thank you|bye|see you (then|there|soon)|have a (nice|good|great) day)\b/;
const yes =
  /^(ta|esta|entao|ah|ok|okay|sim|claro|isso|pode( ser| marcar| confirmar)?|combinado|fechado|perfeito|otimo|beleza|certo|confirm[oa](do)?|quero( sim)?|bora|blz|yes|yep|yeah|sure|sounds? (good|great|perfect|fine)|that('s| is)? (fine|good|great|perfect|works)( for me)?|works for me|perfect|great|please do|go ahead)\b/;
const greeting = /^(oi+|ola+|bom dia|boa tarde|boa noite|hi|hello|hey|good (morning|afternoon|evening))\b/;

/** What the customer's last words are about. They are data: nothing in them changes what is done with any answer. */
export function readIntent({ customerText, businessText }: Conversation, wish: Wish): Intent {
  const said = fold(customerText);
  const offer = fold(businessText);
  if (reschedule.test(said)) return 'reschedule';
  if (cancel.test(said)) return 'cancel';
  if (wish.refused || (declines(said) && schedule.test(offer))) return 'schedule';
  const asks = question.test(said);
  if (repeatsPromise(wish) && !offer.includes('?')) return 'confirm';
  if (!asks && (wish.named || schedule.test(said))) return 'schedule';
  if (asks) return wish.named && schedule.test(said) ? 'schedule' : 'question';
  // A yes to a question for a time books it; a yes to a time already promised only closes the talk.
  if (yes.test(said))
    return offer.includes('?') && (schedule.test(offer) || wish.at !== undefined) ? 'schedule' : 'confirm';
  if (thanks.test(said)) return 'thanks';
  if (greeting.test(said)) return 'greeting';
  return 'other';
}

/** “Terça às 14h então” after that very time was promised. */
function repeatsPromise({ named, offered, days, at }: Wish): boolean {
  return named && offered !== undefined && at === offered.at && (days?.first.equals(offered.day.first) ?? true);
}

/** Whether a question for the owner is in there as well. */
export function asksOwner(customerText: string): boolean {
  return question.test(fold(customerText));
}

/** The greeting to give back, in the customer's own words. */
export function greetingIn(customerText: string): string | undefined {
  return greeting.exec(fold(customerText))?.[0];
}
