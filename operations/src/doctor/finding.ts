/** What a check found. `warn` works today and won't for long; `fail` keeps something from working now. */
export interface Finding {
  status: 'ok' | 'warn' | 'fail';
  /** What was seen, without secrets. */
  seen: string;
  /** What to do; absent when there is nothing to do. */
  remedy?: string | undefined;
}

/** One thing to look at. Its judgement is a pure function beside it. */
export interface Check {
  title: string;
  look: () => Promise<Finding>;
}

export function ok(seen: string): Finding {
  return { status: 'ok', seen };
}

export function warn(seen: string, remedy: string): Finding {
  return { status: 'warn', seen, remedy };
}

export function fail(seen: string, remedy: string): Finding {
  return { status: 'fail', seen, remedy };
}
