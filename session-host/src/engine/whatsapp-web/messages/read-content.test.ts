import { describe, expect, it } from 'vitest';
import type { EngineContent } from '../../engine.ts';
import { readMessage } from './read-message.ts';
import { readLiveReaction } from './read-reactions.ts';
import { asNewlyReceived, withVote } from './read-votes.ts';
import { readVCards } from './read-vcards.ts';

const peer = '5511988887777@c.us';
const owner = '5511900000000@c.us';
const group = '120363000000000000@g.us';

function contentOf(data: Record<string, unknown>, id: Record<string, unknown> = {}): EngineContent | undefined {
  const read = readMessage({
    id: { fromMe: false, remote: peer, id: '3A01', ...id },
    t: 1_790_000_000,
    from: peer,
    to: owner,
    ...data,
  });
  if (read.kind !== 'message') throw new Error(`It is ${read.kind}`);
  return read.message.content;
}

describe('the message that is answered', () => {
  const answer = { type: 'chat', body: 'Perto', quotedStanzaID: '3A00', quotedMsg: { type: 'chat', body: 'Onde?' } };

  it('is named, with its author and its beginning', () => {
    const quoted = { stanzaId: '3A00', author: 'owner', kind: 'text', text: 'Onde?' };
    expect(contentOf({ ...answer, quotedParticipant: owner })).toEqual({ quoted });
    expect(contentOf({ ...answer, quotedParticipant: peer })).toEqual({ quoted: { ...quoted, author: 'customer' } });
    const long = { type: 'image', caption: 'é'.repeat(1_000) };
    expect(contentOf({ ...answer, quotedMsg: long })?.quoted).toMatchObject({ kind: 'image', text: 'é'.repeat(300) });
  });

  it('has its author from the page where one person has two ids', () => {
    const told = { ...answer, quotedParticipant: '99887766554433@lid', topActive: { quoted: { fromMe: true } } };
    expect(contentOf(told)?.quoted).toMatchObject({ author: 'owner' });
    const others = { ...answer, topActive: { quoted: { fromMe: false, name: 'Bia' } } };
    expect(contentOf(others, { remote: group })?.quoted).toMatchObject({ author: 'customer', senderName: 'Bia' });
  });

  it('is named also where nothing of it came along', () => {
    const bare = { ...answer, quotedMsg: undefined };
    expect(contentOf(bare)?.quoted).toMatchObject({ stanzaId: '3A00', kind: 'other', text: '' });
    expect(contentOf({ ...bare, topActive: { quoted: { text: 'Onde?' } } })?.quoted).toMatchObject({ text: 'Onde?' });
  });
});

describe('who wrote in a group', () => {
  const said = { type: 'chat', body: 'oi', author: '99887766554433@lid', notifyName: 'bia ⭐' };

  it('is told with what name and number there are', () => {
    expect(contentOf(said, { remote: group })?.sender).toEqual({ id: '99887766554433@lid', name: 'bia ⭐' });
    const known = { ...said, topActive: { sender: { name: 'Bia Dias', phone: peer } } };
    expect(contentOf(known, { remote: group })?.sender).toEqual({
      id: '99887766554433@lid',
      name: 'Bia Dias',
      phone: '5511988887777',
    });
    expect(contentOf({ ...said, author: `5511988887777:12@c.us` }, { remote: group })?.sender).toMatchObject({
      id: peer,
      phone: '5511988887777',
    });
  });

  it('is in the key where it is nowhere else, and nobody in a chat of two, or of the owner', () => {
    expect(
      contentOf({ ...said, author: undefined }, { remote: group, participant: '99887766554433@lid' })?.sender?.id,
    ).toBe('99887766554433@lid');
    expect(contentOf(said)).toBeUndefined();
    expect(contentOf(said, { remote: group, fromMe: true })).toBeUndefined();
  });
});

describe('reactions', () => {
  const thumb = { emoji: '👍', senderId: peer, fromMe: false, at: 1_790_000_000_000 };

  it('are the newest of each person, in the order of their times', () => {
    const heart = { emoji: '❤️', senderId: owner, fromMe: true, at: 1_789_999_999_000 };
    const reactions = [thumb, { ...thumb, emoji: '😂', at: thumb.at - 5_000 }, heart, 'garbage', { emoji: '👍' }];
    expect(contentOf({ type: 'chat', body: 'oi', topActive: { reactions } })?.reactions).toEqual([
      { author: 'owner', senderId: owner, emoji: '❤️', at: '2026-09-21T14:13:19.000Z' },
      { author: 'customer', senderId: peer, emoji: '👍', at: '2026-09-21T14:13:20.000Z' },
    ]);
  });

  it('are none, or not known: these are two things', () => {
    expect(contentOf({ type: 'chat', body: 'oi', topActive: { reactions: [] } })?.reactions).toEqual([]);
    expect(contentOf({ type: 'chat', body: 'oi', topActive: {} })).toBeUndefined();
  });

  it('are read as the library tells them, both ways, and taken back', () => {
    const told = {
      id: { fromMe: false, remote: { user: '5511988887777', server: 'c.us' }, id: 'R1' },
      msgId: { fromMe: true, remote: peer, id: '3A01', $1: `true_${peer}_3A01` },
      reaction: '👍',
      timestamp: 1_790_000_000,
      senderId: peer,
    };
    expect(readLiveReaction(told)).toEqual({
      peer,
      stanzaId: '3A01',
      fromMe: true,
      reaction: { author: 'customer', senderId: peer, emoji: '👍', at: '2026-09-21T14:13:20.000Z' },
    });
    const own = { ...told, id: { ...told.id, fromMe: true }, senderId: owner, reaction: '' };
    expect(readLiveReaction(own)?.reaction).toMatchObject({ author: 'owner', emoji: '' });
    // Without the id of who reacted, and without the id's usual property.
    expect(readLiveReaction({ ...told, senderId: undefined })?.reaction.senderId).toBe(peer);
    expect(readLiveReaction({ ...told, msgId: undefined })).toBeUndefined();
  });
});

describe('what a message is', () => {
  it('a place', () => {
    const place = { type: 'location', lat: -23.55, lng: -46.63, loc: 'Praça da Sé\nCentro\nSão Paulo', isLive: true };
    expect(contentOf(place)).toEqual({
      place: { latitude: -23.55, longitude: -46.63, name: 'Praça da Sé', address: 'Centro, São Paulo', live: true },
    });
    expect(contentOf({ type: 'location', lat: -123, lng: 0 })).toBeUndefined();
  });

  it('contact cards', () => {
    const vcard =
      'BEGIN:VCARD\nVERSION:3.0\nN:Dias;Ana;;;\nFN:Ana Dias\nitem1.TEL;waid=5511988887777:+55 11 98888-7777\nEND:VCARD';
    const ana = { name: 'Ana Dias', phones: ['+55 11 98888-7777'] };
    expect(contentOf({ type: 'vcard', body: vcard })).toEqual({ contacts: [ana] });
    const several = [{ displayName: 'Aninha', vcard }, { displayName: 'Bia' }, 7];
    expect(contentOf({ type: 'multi_vcard', vcardList: several })).toEqual({
      contacts: [
        { ...ana, name: 'Aninha' },
        { name: 'Bia', phones: [] },
      ],
    });
    expect(contentOf({ type: 'multi_vcard' })).toBeUndefined();
  });

  it('a poll with its votes, each voter once', () => {
    const pollOptions = [{ name: 'Terça', localId: 0 }, { name: 'Quarta', localId: 1 }, 'garbage'];
    const votes = [
      { voter: peer, options: [0] },
      { voter: owner, options: [0, 1] },
      { voter: peer, options: [1] },
    ];
    const poll = { type: 'poll_creation', pollName: 'Que dia?', pollOptions, topActive: { votes } };
    expect(contentOf({ ...poll, pollSelectableOptionsCount: 1 })?.poll).toEqual({
      question: 'Que dia?',
      options: [
        { text: 'Terça', votes: 1 },
        { text: 'Quarta', votes: 2 },
      ],
      multiple: false,
    });
    expect(contentOf({ ...poll, pollSelectableOptionsCount: 0 })?.poll?.multiple).toBe(true);
  });

  it('a poll whose votes could not be read: none is counted, nor the one that came alone', () => {
    const pollOptions = [{ name: 'Terça' }, { name: 'Quarta' }];
    const poll = { type: 'poll_creation', pollName: 'Que dia?', pollOptions };
    const options = [{ text: 'Terça' }, { text: 'Quarta' }];
    expect(contentOf(poll)?.poll?.options).toEqual(options);
    const vote = { voter: peer, options: [0] };
    const countsOf = (told: unknown) => contentOf({ ...Object(told) })?.poll?.options.map(({ votes }) => votes);
    expect(countsOf(withVote({ ...poll, topActive: {} }, vote))).toEqual([undefined, undefined]);
    expect(countsOf(withVote({ ...poll, topActive: { votes: [] } }, vote))).toEqual([1, 0]);
    // One that comes just now has none.
    expect(countsOf(asNewlyReceived(poll))).toEqual([0, 0]);
    expect(countsOf(asNewlyReceived({ ...poll, topActive: { votes: [vote] } }))).toEqual([1, 0]);
  });

  it('a file, with what is known of it', () => {
    const file = { type: 'ptv', mimetype: 'video/mp4', size: 1_234, duration: '7', caption: 'veja' };
    expect(contentOf(file)).toEqual({ file: { mimeType: 'video/mp4', bytes: 1_234, seconds: 7 } });
    expect(contentOf({ type: 'document', filename: 'laudo.pdf', size: -1, duration: '' })).toEqual({
      file: { name: 'laudo.pdf' },
    });
  });

  it.each([
    [
      { callOutcome: 'Missed', isVideoCall: true },
      { missed: true, video: true },
    ],
    [
      { callOutcome: 'Completed', callDuration: 61.5 },
      { missed: false, video: false, seconds: 61 },
    ],
    [{ callOutcome: 1 }, { missed: true, video: false }],
    [{ callOutcome: 'AcceptedElsewhere' }, { missed: false, video: false }],
    [{ subtype: 'miss_video' }, { missed: true, video: true }],
  ])('a call: %o', (data, call) => {
    expect(contentOf({ type: 'call_log', ...data })).toEqual({ call });
  });

  it('to be opened once', () => {
    expect(contentOf({ type: 'image', isViewOnce: true })).toEqual({ viewOnce: true });
    expect(contentOf({ type: 'ciphertext', subtype: 'view_once_unavailable_fanout' })).toMatchObject({
      viewOnce: true,
    });
  });

  it('planned, until it is sent', () => {
    const planned = { type: 'chat', body: 'Bom dia', isScheduledMsg: true, scheduledTimestampS: 1_790_000_100 };
    const own = { fromMe: true };
    expect(contentOf({ ...planned, viewMode: 'SCHEDULED_MESSAGE' }, own)).toEqual({
      plannedFor: '2026-09-21T14:15:00.000Z',
    });
    expect(contentOf({ ...planned, scheduledTimestampS: undefined }, own)).toEqual({
      plannedFor: '2026-09-21T14:13:20.000Z',
    });
    expect(contentOf({ ...planned, viewMode: 'VISIBLE' }, own)).toBeUndefined();
  });
});

describe('contact cards', () => {
  it('of old phones are read too', () => {
    const vcard =
      'BEGIN:VCARD\r\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Concei=C3=A7=C3=A3o;Maria;;;\r\nTEL;CELL:011 9\r\n 8888\r\nTEL:\r\n';
    expect(readVCards([{ vcard }])).toEqual([{ name: 'Maria Conceição', phones: ['011 98888'] }]);
    expect(readVCards([{ vcard: 'FN:Dias\\, Ana\\; Dra.' }])).toEqual([{ name: 'Dias, Ana; Dra.', phones: [] }]);
    expect(readVCards([{ vcard: 'no card' }, {}])).toEqual([]);
  });
});
