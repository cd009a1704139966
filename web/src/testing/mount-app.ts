import { configure, screen } from '@testing-library/vue';
import userEvent from '@testing-library/user-event';
import { expect, onTestFinished, vi } from 'vitest';
import { createTopActive } from '../app.ts';
import { createFakeApi } from './fake-api.ts';
import { FakeSocket } from './fake-socket.ts';

// Parts of the app are loaded when they are needed, which a busy machine takes its time for.
configure({ asyncUtilTimeout: 4_000 });

/** The whole app on the page, as a person finds it at an address; only network and sockets are ours. */
export async function mountApp({ at, api = createFakeApi() }: { at: string; api?: ReturnType<typeof createFakeApi> }) {
  const warned = vi.spyOn(console, 'warn');
  const sockets: FakeSocket[] = [];
  const left: string[] = [];
  const topActive = await createTopActive({
    fetch: api.fetch,
    openSocket: (path, protocols) => {
      const socket = new FakeSocket(path, protocols);
      sockets.push(socket);
      return socket;
    },
    leave: (url) => left.push(url),
    local: localStorage,
    session: sessionStorage,
    at,
  });
  const host = document.createElement('div');
  document.body.append(host);
  topActive.app.mount(host);
  onTestFinished(() => {
    topActive.close();
    host.remove();
    document.body.replaceChildren();
    localStorage.clear();
    sessionStorage.clear();
    // A page that shows a text has to load it: else the person reads the text's key.
    const unread = warned.mock.calls.map(String).filter((line) => line.includes('[intlify] Not found'));
    warned.mockRestore();
    expect(unread).toEqual([]);
  });
  return { ...topActive, screen, user: userEvent.setup(), api, sockets, left };
}
