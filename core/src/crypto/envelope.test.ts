import { createSecretKey } from 'node:crypto';
import { inspect } from 'node:util';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeContext, type SecretContext } from './context.ts';
import { EnvelopeError, openEnvelope, sealEnvelope, sealEnvelopeWithIv, wrappedKeyOf } from './envelope.ts';

const key = createSecretKey(Buffer.from('000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f', 'hex'));
const context: SecretContext = {
  table: 'items',
  pk: 'USER#0b5c8a5e-3f1d-4c55-9d4a-0d6f2a3f9a11',
  sk: 'CREDENTIAL#openai',
  field: 'secret',
  version: 1,
};

const contexts = fc.record({
  table: fc.string({ unit: 'grapheme' }),
  pk: fc.string(),
  sk: fc.string(),
  field: fc.string(),
  version: fc.nat(),
});
const bytes = fc.uint8Array({ maxLength: 200 });

describe('known answers', () => {
  // Computed by another implementation (Python's cryptography) from the layout in envelope.ts; stored envelopes depend
  // on it.
  const vectors = [
    {
      wrapped: '',
      plaintext: 'sk-test-0123456789',
      iv: '000000000000000000000001',
      envelope:
        '54415701000000000000000000000000000166bd9288218744333e1f630ad8930cc02da62117a758de846cdc5c4b39be9562a728',
    },
    {
      wrapped: 'deadbeef',
      plaintext: '',
      iv: 'ffeeddccbbaa998877665544',
      envelope: '544157010004deadbeefffeeddccbbaa99887766554431468d5293b154e2f92ffc59f7a866ac',
    },
  ];

  it.each(vectors)('seals and opens vector $#', ({ wrapped, plaintext, iv, envelope }) => {
    const options = { key, context, plaintext: Buffer.from(plaintext), wrappedKey: Buffer.from(wrapped, 'hex') };
    expect(sealEnvelopeWithIv(options, Buffer.from(iv, 'hex')).toString('hex')).toBe(envelope);
    expect(openEnvelope({ key, context, envelope: Buffer.from(envelope, 'hex') }).toString()).toBe(plaintext);
    expect(wrappedKeyOf(Buffer.from(envelope, 'hex')).toString('hex')).toBe(wrapped);
  });

  it('encodes a context with the length of each part in front', () => {
    expect(encodeContext({ table: 't', pk: 'é', sk: '', field: 'f', version: 10 }).toString('hex')).toBe(
      '000000017400000002c3a9000000000000000166000000023130',
    );
  });
});

describe('sealEnvelope', () => {
  it('gives back what was sealed, and the wrapped key', () => {
    fc.assert(
      fc.property(contexts, bytes, bytes, (context, plaintext, wrappedKey) => {
        const envelope = sealEnvelope({ key, context, plaintext, wrappedKey });
        expect(openEnvelope({ key, context, envelope })).toEqual(Buffer.from(plaintext));
        expect(wrappedKeyOf(envelope)).toEqual(Buffer.from(wrappedKey));
      }),
    );
  });

  it('never seals twice alike', () => {
    const envelopes = new Set<string>();
    for (let i = 0; i < 100; i++)
      envelopes.add(sealEnvelope({ key, context, plaintext: Buffer.from('same') }).toString('hex'));
    expect(envelopes.size).toBe(100);
  });

  it('refuses a key of another size', () => {
    const short = createSecretKey(Buffer.alloc(16));
    expect(() => sealEnvelope({ key: short, context, plaintext: Buffer.alloc(1) })).toThrow(EnvelopeError);
  });

  it('refuses a context that another one would encode like', () => {
    const ambiguous = { ...context, sk: '\ud800' };
    expect(() => sealEnvelope({ key, context: ambiguous, plaintext: Buffer.alloc(1) })).toThrow(RangeError);
  });
});

describe('openEnvelope', () => {
  it('fails for a flip of any single bit', () => {
    const envelope = sealEnvelope({ key, context, plaintext: Buffer.from('secret'), wrappedKey: Buffer.alloc(8, 7) });
    for (let bit = 0; bit < envelope.length * 8; bit++) {
      const changed = Buffer.from(envelope);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(() => openEnvelope({ key, context, envelope: changed }), `bit ${bit}`).toThrow(EnvelopeError);
    }
  });

  it('fails for every truncation and for anything appended', () => {
    const envelope = sealEnvelope({ key, context, plaintext: Buffer.from('secret'), wrappedKey: Buffer.alloc(8, 7) });
    for (let length = 0; length < envelope.length; length++)
      expect(() => openEnvelope({ key, context, envelope: envelope.subarray(0, length) })).toThrow(EnvelopeError);
    const longer = Buffer.concat([envelope, Buffer.alloc(1)]);
    expect(() => openEnvelope({ key, context, envelope: longer })).toThrow(EnvelopeError);
  });

  it('fails in any other context', () => {
    fc.assert(
      fc.property(contexts, contexts, bytes, (sealed, asked, plaintext) => {
        fc.pre(JSON.stringify(sealed) !== JSON.stringify(asked));
        const envelope = sealEnvelope({ key, context: sealed, plaintext });
        expect(() => openEnvelope({ key, context: asked, envelope })).toThrow(EnvelopeError);
      }),
    );
  });

  it('fails when characters move from one part of the context to the next', () => {
    const envelope = sealEnvelope({ key, context: { ...context, sk: 'ab', field: 'c' }, plaintext: Buffer.from('x') });
    const moved = { ...context, sk: 'a', field: 'bc' };
    expect(() => openEnvelope({ key, context: moved, envelope })).toThrow(EnvelopeError);
  });

  it('fails under another key', () => {
    const other = createSecretKey(Buffer.alloc(32, 9));
    const envelope = sealEnvelope({ key, context, plaintext: Buffer.from('secret') });
    expect(() => openEnvelope({ key: other, context, envelope })).toThrow(EnvelopeError);
  });

  it('never throws anything but an EnvelopeError for garbage', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (envelope) => {
        expect(() => openEnvelope({ key, context, envelope })).toThrow(EnvelopeError);
      }),
    );
  });

  it('says nothing of the content in its error', () => {
    const envelope = sealEnvelope({ key, context, plaintext: Buffer.from('sk-very-secret') });
    let thrown: unknown;
    try {
      openEnvelope({ key, context: { ...context, version: 2 }, envelope });
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(EnvelopeError);
    expect(inspect(thrown, { depth: 5, showHidden: true })).not.toMatch(/sk-very|USER#|0001020304/);
  });
});
