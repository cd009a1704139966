import { describe, expect, it } from 'vitest';
import { ticketOf } from './ticket-header.ts';

describe('ticketOf', () => {
  it('takes the second protocol, however the header is spelled', () => {
    expect(ticketOf({ 'Sec-WebSocket-Protocol': 'top-active.v1, abc' })).toBe('abc');
    expect(ticketOf({ 'sec-websocket-protocol': 'top-active.v1,abc' })).toBe('abc');
  });

  it.each([
    ['no header', {}],
    ['no ticket', { 'Sec-WebSocket-Protocol': 'top-active.v1' }],
    ['another protocol', { 'Sec-WebSocket-Protocol': 'chat, abc' }],
    ['something behind', { 'Sec-WebSocket-Protocol': 'top-active.v1, abc, def' }],
  ])('finds none with %s', (_, headers) => {
    expect(ticketOf(headers)).toBeUndefined();
  });
});
