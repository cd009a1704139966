/** Answers the value that a WebSocket message gives for the route, if any. */
export type SelectRoute = (message: string) => string | undefined;

/**
 * `$request.body.action`: the text at `action` in a JSON message.
 * @throws Error on any other expression.
 */
export function createRouteSelection(expression: string): SelectRoute {
  const path = /^\$request\.body((?:\.\w+)+)$/.exec(expression)?.[1]?.slice(1).split('.');
  if (!path) throw new Error(`The route selection expression ${expression} is not emulated.`);
  return (message) => {
    let value = parseJson(message);
    for (const name of path) {
      if (typeof value !== 'object' || value === null) return undefined;
      value = new Map<string, unknown>(Object.entries(value)).get(name);
    }
    return typeof value === 'string' ? value : undefined;
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // What is not JSON selects no route: it is for $default.
    return undefined;
  }
}
