/** "What’s new": the window that WhatsApp's page puts over itself once, until somebody has closed it. */

const dismissedKey = 'whats-new-dismissed-at';
/** WhatsApp shows the next one no sooner. */
const coolOffMs = 30 * 24 * 60 * 60 * 1000;

let shown: HTMLElement | undefined;

export function showWhatsNew(isOn: boolean): void {
  if (!isOn) {
    shown?.remove();
    shown = undefined;
    return;
  }
  if (shown !== undefined || isCoolingOff()) return;
  shown = buildWindow();
  document.body.append(shown);
}

function isCoolingOff(): boolean {
  return Date.now() - Number(localStorage.getItem(dismissedKey) ?? 0) < coolOffMs;
}

/** However it is closed: that is what counts. */
function dismiss(): void {
  localStorage.setItem(dismissedKey, String(Date.now()));
  showWhatsNew(false);
}

function buildWindow(): HTMLElement {
  const overlay = document.createElement('div');
  overlay.dataset.testid = 'confirm-popup-overlay';
  overlay.style.cssText = 'position:fixed;inset:0;z-index:200;background:rgb(0 0 0/.6);display:grid;place-items:center';
  overlay.addEventListener('click', (event) => {
    if (event.target === overlay) dismiss();
  });
  const dialog = document.createElement('div');
  dialog.setAttribute('role', 'dialog');
  dialog.setAttribute('aria-modal', 'true');
  dialog.dataset.testid = 'confirm-popup';
  dialog.style.cssText = 'background:Canvas;color:CanvasText;padding:2rem;border-radius:1rem;max-width:24rem';
  const heading = Object.assign(document.createElement('h1'), { textContent: 'What’s new' });
  const news = Object.assign(document.createElement('p'), { textContent: 'Everything is a little different now.' });
  const close = buttonWith('✕');
  close.setAttribute('aria-label', 'Close');
  const next = buttonWith('Continue');
  next.dataset.testid = 'whats_new_continue_button';
  dialog.append(close, heading, news, next);
  overlay.append(dialog);
  return overlay;
}

function buttonWith(label: string): HTMLButtonElement {
  const button = Object.assign(document.createElement('button'), { type: 'button', textContent: label });
  button.addEventListener('click', dismiss);
  return button;
}
