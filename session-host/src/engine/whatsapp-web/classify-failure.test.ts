import { describe, expect, it } from 'vitest';
import { classifyDisconnect, classifyFailure, isNavigation, refusalBy, textOf } from './classify-failure.ts';

describe('what a failure of the library means', () => {
  it.each([
    ['auth timeout', 'start_timeout'],
    ['ready timeout', 'start_timeout'],
    [new Error('Timed out after waiting 30000ms'), 'start_timeout'],
    [new Error('Protocol error (Runtime.callFunctionOn): Target closed'), 'browser_died'],
    [new Error('net::ERR_NAME_NOT_RESOLVED at https://web.whatsapp.com/'), 'unreachable'],
    [new Error('net::ERR_CONNECTION_TIMED_OUT at https://web.whatsapp.com/'), 'unreachable'],
    [new Error('net::ERR_TUNNEL_CONNECTION_FAILED at https://web.whatsapp.com/'), 'unreachable'],
    [new Error('net::ERR_ABORTED at https://web.whatsapp.com/'), 'unknown'],
    [new Error('Failed to launch the browser process!'), 'browser_died'],
    [new Error('Execution context was destroyed, most likely because of a navigation.'), 'browser_died'],
    [
      new Error("Failed to add page binding with name onQRChangedEvent: window['onQRChangedEvent'] already exists!"),
      'unknown',
    ],
    [new Error('Requesting main frame too early!'), 'unknown'],
    [new Error('Requiring unknown module "WAWebCollections"'), 'unknown'],
    [new TypeError("Cannot read properties of undefined (reading 'Socket')"), 'unknown'],
    ['r', 'unknown'],
    [undefined, 'unknown'],
  ])('%s → %s', (error, cause) => {
    expect(classifyFailure(error)).toBe(cause);
  });

  it('knows when the document was replaced under its hands', () => {
    expect(isNavigation(new Error('Execution context was destroyed, most likely because of a navigation.'))).toBe(true);
    expect(isNavigation(new Error('Attempted to use detached Frame'))).toBe(true);
    expect(isNavigation('auth timeout')).toBe(false);
  });

  it("tells nobody's number", () => {
    expect(textOf(new Error('No LID for user 5511999990000@c.us'))).toBe('No LID for user …@c.us');
  });
});

describe('what the end of a connection means', () => {
  it.each([
    ['LOGOUT', 'logged-out'],
    ['UNPAIRED', 'logged-out'],
    ['CONFLICT', 'conflict'],
    ['TOS_BLOCK', 'banned'],
    ['SMB_TOS_BLOCK', 'banned'],
    ['PROXYBLOCK', 'refused'],
    ['DEPRECATED_VERSION', 'page_outdated'],
    ['whatever comes', 'connection_lost'],
  ])('%s → %s', (reason, meaning) => {
    expect(classifyDisconnect(reason)).toBe(meaning);
  });

  it('is seen in the state of the page too, but only where WhatsApp lets nobody in', () => {
    expect(['TOS_BLOCK', 'PROXYBLOCK', 'DEPRECATED_VERSION'].map(refusalBy)).toEqual([
      'banned',
      'refused',
      'page_outdated',
    ]);
    expect(['OPENING', 'UNPAIRED', 'UNPAIRED_IDLE', 'CONFLICT', 'CONNECTED'].map(refusalBy)).toEqual(
      Array.from({ length: 5 }, () => undefined),
    );
  });
});
