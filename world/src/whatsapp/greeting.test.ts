import { describe, expect, it } from 'vitest';
import type { DeviceRow } from './devices.ts';
import { noFaults, type Faults } from './faults.ts';
import { receive, rewound } from './greeting.ts';
import type { Hello } from './requests.ts';

const hello: Hello = {
  t: 'hello',
  device: 'device',
  token: 'token',
  noiseKey: 'noise',
  identityKey: 'identity',
  secret: 'secret',
  resume: false,
  received: 0,
};
const device: DeviceRow = {
  id: 'device',
  phone: '5511999990000',
  token: 'token',
  os: '',
  browser: '',
  linked_at: 0,
  seen_at: 0,
  confirmed: 0,
  received: 0,
};

function reception({
  greeting = {},
  linked = device,
  isDown = false,
  ofPhone = {},
  ofNobody = {},
}: {
  greeting?: Partial<Hello>;
  linked?: DeviceRow | null;
  isDown?: boolean;
  ofPhone?: Partial<Faults>;
  ofNobody?: Partial<Faults>;
} = {}) {
  const faultsOf = (phone?: string) => ({ ...noFaults, ...(phone === undefined ? ofNobody : ofPhone) });
  return receive({ ...hello, ...greeting }, { device: linked ?? undefined, isDown, faultsOf });
}

describe('a page that greets', () => {
  it('goes on with its phone where its token is the device’s', () => {
    expect(reception()).toEqual({ kind: 'resumed', device });
  });

  it('waits to be linked without a token, and is stale with one of an earlier link', () => {
    expect(reception({ greeting: { token: null }, linked: null })).toEqual({ kind: 'waits' });
    expect(reception({ linked: null })).toEqual({ kind: 'stale' });
    expect(reception({ greeting: { token: 'older' } })).toEqual({ kind: 'stale' });
  });

  it('is refused as its phone is, or as all are that belong to none', () => {
    const refused = { kind: 'refused', state: 'TOS_BLOCK' };
    expect(reception({ ofPhone: { refuseConnections: 'TOS_BLOCK' } })).toEqual(refused);
    expect(reception({ ofNobody: { refuseConnections: 'TOS_BLOCK' } })).toEqual({ kind: 'resumed', device });
    expect(reception({ linked: null, ofNobody: { refuseConnections: 'TOS_BLOCK' } })).toEqual(refused);
  });

  it('is closed while it is down, or its phone can’t be reached, whatever its token', () => {
    expect(reception({ isDown: true })).toEqual({ kind: 'closed' });
    expect(reception({ greeting: { token: 'older' }, ofPhone: { deadLink: true } })).toEqual({ kind: 'closed' });
  });
});

it('a profile from an older copy is behind by what it lacks', () => {
  expect(rewound({ received: 3 }, { received: 5 })).toEqual({ received: 3, behind: 2 });
  expect(rewound({ received: 5 }, { received: 5 })).toEqual({ received: 5, behind: 0 });
  expect(rewound({ received: 7 }, { received: 5 })).toEqual({ received: 5, behind: 0 });
});
