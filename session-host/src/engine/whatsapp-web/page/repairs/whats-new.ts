import type { RepairContext } from '../repair-context.ts';

interface PageElement {
  textContent: string | null;
  getAttribute(name: string): string | null;
  querySelectorAll(selector: string): Iterable<PageElement>;
  checkVisibility(): boolean;
  click(): void;
}
declare const document: { querySelectorAll(selector: string): Iterable<PageElement> };

/**
 * Closes the dialog by which WhatsApp tells what is new: it covers the page, for every fresh profile. By its own test
 * id, else by its heading. No other dialog is touched, and a button that doesn't help is not pressed for ever.
 */
export function repairWhatsNew({ report }: RepairContext): void {
  const everyMs = 5_000;
  const mostPresses = 5;
  const testId = '[data-testid="whats_new_continue_button"]';
  const heading = /what[’']?s new|a fresh look|(?:as )?novidades|conheça as novidades|un nuevo aspecto|novedades/i;
  const words = new Set(['continue', 'continuar', 'ok', 'got it', 'entendi', 'close', 'fechar', 'cerrar']);
  let presses = 0;

  const isVisible = (element: PageElement): boolean => element.checkVisibility();
  const wordOf = (button: PageElement): string =>
    (button.getAttribute('aria-label') ?? button.textContent ?? '').trim().toLowerCase();

  const findButton = (): PageElement | undefined => {
    const known = [...document.querySelectorAll(testId)].find(isVisible);
    if (known) return known;
    const dialogs = [...document.querySelectorAll('[role="dialog"]')].filter(
      (dialog) =>
        isVisible(dialog) &&
        [...dialog.querySelectorAll('h1, h2, h3, [role="heading"]')].some((title) =>
          heading.test(title.textContent ?? ''),
        ),
    );
    return dialogs
      .flatMap((dialog) => [...dialog.querySelectorAll('button, [role="button"]')])
      .find((button) => words.has(wordOf(button)) && isVisible(button));
  };

  const timer = setInterval(() => {
    const button = findButton();
    if (!button) return;
    presses += 1;
    button.click();
    report({ applied: true, how: 'closed the dialog' });
    if (presses >= mostPresses) clearInterval(timer);
  }, everyMs);
}
