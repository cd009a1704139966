import type { Context } from 'hono';

/**
 * Runs in the browser: keeps `<main>` as the server would render it now. Fetches when a change is announced (an element
 * with `data-events`, the address of a stream of server-sent events) or else every three seconds while visible.
 */
const script = `
const main = document.querySelector('main');
async function refresh() {
  if (document.hidden) return;
  const response = await fetch(location.href, { signal: AbortSignal.timeout(10000) });
  if (!response.ok) return;
  const next = new DOMParser().parseFromString(await response.text(), 'text/html').querySelector('main');
  if (!next || next.innerHTML === main.dataset.shown) return;
  main.dataset.shown = next.innerHTML;
  const focused = document.activeElement?.id;
  main.replaceChildren(...next.childNodes);
  if (focused) document.getElementById(focused)?.focus();
}
main.dataset.shown = main.innerHTML;
const quietly = () => refresh().catch((error) => console.warn('Not refreshed:', error.message));
const events = document.querySelector('[data-events]')?.dataset.events;
if (events) {
  const source = new EventSource(events);
  source.addEventListener('change', quietly);
  source.addEventListener('open', quietly);
} else setInterval(quietly, 3000);
document.addEventListener('visibilitychange', quietly);
main.addEventListener('click', async ({ target }) => {
  const button = target.closest('[data-copy]');
  if (!button) return;
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = button.dataset.copied;
  } catch {
    const selection = getSelection();
    selection.selectAllChildren(button.closest('article').querySelector('.code'));
  }
});
`;

export const liveScriptName = 'live.js';

export function sendLiveScript(c: Context): Response {
  c.header('content-type', 'text/javascript; charset=utf-8');
  c.header('cache-control', 'no-cache');
  return c.body(script);
}
