import type { ProbeContext } from '../probe-context.ts';

/** Messages that come are told of, and those that are there can be read. */
export function probeReceive({
  need,
  modelOf,
  expects,
  expectsFunction,
  expectsListener,
  manages,
}: ProbeContext): void {
  expectsFunction('WAWebCollections', 'Msg.on');
  expectsFunction('WAWebCollections', 'Msg.getModelsArray');
  expectsListener('add', 'onAddMessageEvent');
  const links = need('WALinkify');
  // The library's reading of a message throws without it; ours, and the witness's, does not.
  if (typeof Reflect.get(links ?? {}, 'findLinks') !== 'function') manages('without WALinkify.findLinks');
  const newest = need('WAWebCollections')?.Msg?.getModelsArray?.().at(-1);
  if (!newest) return;
  const text = modelOf(newest);
  expects('Msg.id', text !== undefined);
  const model: Record<string, unknown> = text === undefined ? {} : (JSON.parse(text) as Record<string, unknown>);
  expects('Msg.type', typeof model.type === 'string');
  expects('Msg.t', typeof model.t === 'number');
}
