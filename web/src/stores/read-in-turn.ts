/**
 * Makes a reading that may be asked for at any moment one that never overtakes itself: who asks while it is under way
 * gets the next one, together with all others who do. So nobody is content with an answer that was given before they
 * asked, and an old answer never takes the place of a newer one.
 */
export function readInTurn(read: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;

  function begin(): Promise<void> {
    next = undefined;
    running = read().finally(() => (running = undefined));
    return running;
  }

  return () => {
    if (next) return next;
    if (!running) return begin();
    // Whether the one before went well is for whoever asked for it.
    next = running.then(begin, begin);
    return next;
  };
}
