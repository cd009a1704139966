/** What a person sees who opens the page: that it is a simulation, and how the link stands. */
export interface Screen {
  show(fact: string, value: string): void;
  /** What the phone lists as the linked device's name. The library may replace it. */
  browserInfo(): { os: string; name: string };
}

export function createScreen(browserInfo: () => { os: string; name: string }): Screen {
  const facts = new Map<string, HTMLElement>();
  const list = document.querySelector('#facts');
  return {
    show(fact, value) {
      let cell = facts.get(fact);
      if (cell === undefined) {
        const term = document.createElement('dt');
        term.textContent = fact;
        cell = document.createElement('dd');
        list?.append(term, cell);
        facts.set(fact, cell);
      }
      cell.textContent = value;
    },
    browserInfo,
  };
}
