import { describe, expect, it } from 'vitest';
import { linkHealthSchema, type LinkHealth } from '@top-active/core/contracts';
import { linkTroubles } from './link-trouble.ts';

const since = '2026-11-30T12:00:00.000Z';

function aHealth(parts: Partial<LinkHealth> = {}): LinkHealth {
  return linkHealthSchema.parse({ reception: { state: 'ok', since }, missing: [], restrictions: [], ...parts });
}

describe('what the owner should know of the link', () => {
  it('is nothing while messages come through', () => {
    expect(linkTroubles({ state: 'linked' })).toEqual([]);
    expect(linkTroubles({ state: 'linked', health: aHealth() })).toEqual([]);
  });

  it('begins with the gravest', () => {
    const health = aHealth({
      reception: { state: 'unreadable', since },
      page: { build: '2.3000.1048032155', since },
      missing: ['media', 'history', 'send', 'linking'],
      restrictions: [
        { kind: 'new_chats', level: 'warning', quota: { total: 20, used: 18 } },
        { kind: 'reachout', level: 'limited', until: since },
      ],
    });
    expect(linkTroubles({ state: 'linked', health, unreachableSince: since })).toEqual([
      { what: 'unreachable', since },
      { what: 'reception', state: 'unreadable', since },
      { what: 'missing', capabilities: ['send', 'history'], since },
      { what: 'restriction', restriction: health.restrictions[1] },
      { what: 'restriction', restriction: health.restrictions[0] },
    ]);
  });

  it('tells nothing of a session that is over, nor of what no part of the app rests on', () => {
    const health = aHealth({ reception: { state: 'failing', since }, missing: ['media'] });
    expect(linkTroubles({ state: 'logged_out', health })).toEqual([]);
    expect(linkTroubles({ state: 'linked', health: aHealth({ missing: ['media', 'linking'] }) })).toEqual([]);
  });
});
