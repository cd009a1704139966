import { LambdaClient } from '@aws-sdk/client-lambda';
import { Refusal, startJsonService } from './json-service.ts';

/** As Lambda shows it. */
export interface FakeMapping {
  UUID: string;
  EventSourceArn: string;
  FunctionArn: string;
  State: string;
  EventSourceMappingArn?: string;
  [setting: string]: unknown;
}

const ids = '/2015-03-31/event-source-mappings/';
const tags = '/2017-03-31/tags/';

/**
 * Speaks Lambda's protocol for event source mappings: one function reads a stream once, what is being changed can't be
 * deleted, and everything takes until somebody has looked once.
 */
export async function startMappingService({ streams }: { streams: readonly string[] }) {
  const mappings = new Map<string, FakeMapping>();
  const tagsOf = new Map<string, Record<string, string>>();
  const calls: string[] = [];

  function found(id: string): FakeMapping {
    const mapping = mappings.get(id);
    if (!mapping) throw new Refusal('ResourceNotFoundException');
    return mapping;
  }
  function look(mapping: FakeMapping): FakeMapping {
    const shown = { ...mapping };
    if (mapping.State === 'Deleting') mappings.delete(mapping.UUID);
    if (mapping.State === 'Creating' || mapping.State === 'Updating') mapping.State = 'Enabled';
    return shown;
  }
  function create({ FunctionName, Enabled, Tags, ...settings }: Record<string, unknown>): FakeMapping {
    const EventSourceArn = String(settings.EventSourceArn);
    const FunctionArn = String(FunctionName);
    if (!streams.includes(EventSourceArn) || Enabled !== true) throw new Refusal('InvalidParameterValueException');
    if ([...mappings.values()].some((one) => one.EventSourceArn === EventSourceArn && one.FunctionArn === FunctionArn))
      throw new Refusal('ResourceConflictException');
    const UUID = `0000000${mappings.size}-0000-4000-8000-000000000000`;
    const arn = `arn:aws:lambda:us-east-1:000000000000:event-source-mapping:${UUID}`;
    const made = { ...settings, UUID, EventSourceArn, FunctionArn, State: 'Creating', EventSourceMappingArn: arn };
    mappings.set(UUID, made);
    tagsOf.set(arn, Tags as Record<string, string>);
    return made;
  }
  /** One to a page. */
  function list(marker: string | null): object {
    const all = [...mappings.values()].map(look);
    const from = Number(marker ?? 0);
    return {
      EventSourceMappings: all.slice(from, from + 1),
      ...(all.length > from + 1 && { NextMarker: `${from + 1}` }),
    };
  }
  function remove(mapping: FakeMapping): FakeMapping {
    if (mapping.State === 'Creating' || mapping.State === 'Updating') {
      look(mapping);
      throw new Refusal('ResourceInUseException');
    }
    mapping.State = 'Deleting';
    return mapping;
  }

  const service = await startJsonService(({ method, url, text }) => {
    const path = decodeURIComponent(url.pathname);
    calls.push(`${method} ${path.startsWith(tags) ? 'tags' : 'mapping'}`);
    if (path.startsWith(tags)) return { Tags: tagsOf.get(path.slice(tags.length)) ?? {} };
    const id = path.slice(ids.length);
    if (id === '') return method === 'POST' ? create(JSON.parse(text)) : list(url.searchParams.get('Marker'));
    return method === 'DELETE' ? remove(found(id)) : look(found(id));
  });
  return {
    mappings,
    tagsOf,
    calls,
    createClient: () => new LambdaClient(service.clientSettings),
    close: service.close,
  };
}
