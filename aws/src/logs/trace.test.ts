import { afterEach, describe, expect, it, vi } from 'vitest';
import { currentTraceHeader, currentTraceId, newTraceId, traced, traceIdOf, withTrace } from './trace.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

const id = '1-5759e988-bd862e3fe1be46a994272793';

describe('trace', () => {
  it('is read from a tracing header, wherever its root stands', () => {
    expect(traceIdOf(`Root=${id};Parent=53995c3f42cd8ad8;Sampled=1`)).toBe(id);
    expect(traceIdOf(`Self=1-67891234-12456789abcdef012345678;Root=${id}`)).toBe(id);
    expect(traceIdOf('Root=5511999990000')).toBeUndefined();
    expect(traceIdOf(undefined)).toBeUndefined();
  });

  it('holds over awaits, and the inner one within', async () => {
    const other = newTraceId();
    await withTrace(id, async () => {
      await Promise.resolve();
      expect(currentTraceId()).toBe(id);
      withTrace(other, () => expect(currentTraceId()).toBe(other));
      withTrace(undefined, () => expect(traced({ a: 1 })).toEqual({ a: 1, traceId: id }));
    });
    expect(traced({ a: 1 })).toEqual({ a: 1 });
  });

  it("goes on with Lambda's own parent and sampling, if it is Lambda's own", () => {
    vi.stubEnv('_X_AMZN_TRACE_ID', `Root=${id};Parent=53995c3f42cd8ad8;Sampled=1`);
    withTrace(id, () => expect(currentTraceHeader()).toBe(`Root=${id};Parent=53995c3f42cd8ad8;Sampled=1`));
    const other = newTraceId(1_700_000_000_000);
    expect(other).toMatch(/^1-6553f100-[0-9a-f]{24}$/);
    withTrace(other, () => expect(currentTraceHeader()).toBe(`Root=${other}`));
    expect(currentTraceHeader()).toBeUndefined();
  });
});
