import { realtimeProtocol } from '@top-active/core/contracts';

/** The ticket in `Sec-WebSocket-Protocol: top-active.v1, <ticket>`. A query string would end up in logs. */
export function ticketOf(headers: Readonly<Record<string, string | undefined>>): string | undefined {
  const [, header] = Object.entries(headers).find(([name]) => name.toLowerCase() === 'sec-websocket-protocol') ?? [];
  const [protocol, ticket, ...rest] = header?.split(',').map((value) => value.trim()) ?? [];
  return protocol === realtimeProtocol && rest.length === 0 ? ticket : undefined;
}
