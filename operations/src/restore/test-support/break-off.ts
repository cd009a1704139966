/** As much of a client of AWS as is needed to stand in its way. */
interface Client {
  middlewareStack: {
    add(
      middleware: (next: (args: never) => Promise<unknown>) => (args: never) => Promise<unknown>,
      options: { step: 'initialize' },
    ): void;
  };
}

/**
 * Has the work with a client end as if its process was killed right after one call: what was asked for is done, and
 * nobody read the answer. The call, and all after it, never come back. (Killed right before a call is the same as
 * killed right after the one before.)
 * @param call its number, from 1
 * @returns a promise that is fulfilled at that moment; never, if there are not so many calls
 */
export function breakOffAfter(client: unknown, call: number): Promise<'broken off'> {
  let seen = 0;
  return new Promise((resolve) => {
    (client as Client).middlewareStack.add(
      (next) => async (args) => {
        seen += 1;
        if (seen < call) return next(args);
        if (seen === call) await next(args).catch(() => undefined);
        resolve('broken off');
        return new Promise(() => undefined);
      },
      { step: 'initialize' },
    );
  });
}
