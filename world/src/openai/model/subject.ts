/** What the appointment is for, and for whom, as far as the customer said so. Only letters survive. */
export interface Subject {
  service?: string | undefined;
  customerName?: string | undefined;
}

const service =
  /\b(?:marcar|agendar|fazer|reservar|remarcar|book|schedule|get|make|need|want|preciso de|gostaria de|quero)\s+(?:de\s+)?(?:uma|um|a|an|o|my|minha|meu|the)\s+((?:\p{L}+\s?){1,4})/iu;
const generic =
  /^(hor[aá]rios?|consultas?|visitas?|atendimentos?|agendamentos?|appointments?|slots?|times?|meetings?|booking)$/i;
const endings =
  /\s+(?:para|pra|no|na|nos|nas|em|as|às|à|amanhã|hoje|depois|segunda|terça|quarta|quinta|sexta|sábado|domingo|com|por|dia|on|for|at|tomorrow|today|next|this|with|in|please|monday|tuesday|wednesday|thursday|friday|saturday|sunday|appointment|e|and|mas|but)(?:\s|$).*/iu;
const name =
  /(?:[Mm]eu nome é|[Mm]e chamo|[Aa]qui é [ao]|[Ss]ou [ao]|[Mm]y name is|[Tt]his is|I am|I'm|i'm) (\p{Lu}\p{L}+(?: \p{Lu}\p{L}+)?)/u;

export function readSubject(texts: readonly string[]): Subject {
  const said = texts.toReversed();
  const services = said.flatMap((text) => {
    const found = service.exec(text)?.[1]?.replace(endings, '').trim();
    return found && !generic.test(found) && !generic.test(found.split(/\s+/)[0] ?? '') ? [found] : [];
  });
  return {
    service: services[0],
    customerName: said.map((text) => name.exec(text)?.[1]).find(Boolean),
  };
}
