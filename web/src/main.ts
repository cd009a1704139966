import { createTopActive } from './app.ts';

const { app } = await createTopActive({
  fetch: (input, init) => fetch(input, init),
  openSocket: (path, protocols) =>
    new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}${path}`, protocols),
  leave: (url) => location.assign(url),
  local: localStorage,
  session: sessionStorage,
  locks: 'locks' in navigator ? { request: (name, task) => navigator.locks.request(name, task) } : undefined,
  channel: new BroadcastChannel('top-active:session'),
});

app.mount('#app');
