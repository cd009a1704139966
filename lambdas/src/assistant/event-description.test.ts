import { describe, expect, it } from 'vitest';
import { descriptionOf } from './event-description.ts';

describe('the description of an event', () => {
  it('names who comes, in the language of the owner', () => {
    const chat = { name: 'Bia', phone: '5511987654321' };
    expect(descriptionOf(chat, 'pt-BR')).toBe('WhatsApp: Bia, +5511987654321\nMarcado com Top Active');
    expect(descriptionOf(chat, 'en')).toBe('WhatsApp: Bia, +5511987654321\nBooked with Top Active');
  });

  it('shows the name that a customer chose as it is typed, and renders nothing of it', () => {
    const name = `<a href="https://evil.example" onclick='x'>Pix & Cia</a>`;
    expect(descriptionOf({ name, phone: undefined }, 'pt-BR')).toBe(
      'WhatsApp: &lt;a href=&quot;https://evil.example&quot; onclick=&#39;x&#39;&gt;Pix &amp; Cia&lt;/a&gt;\nMarcado com Top Active',
    );
  });
});
