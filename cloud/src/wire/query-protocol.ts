import { randomUUID } from 'node:crypto';
import { AwsError } from './aws-error.ts';
import { readCredentials } from './credentials.ts';
import type { Operation } from './operation.ts';
import type { WireRequest, WireResponse } from './server.ts';

export interface QueryProtocolOptions {
  /** `https://sts.amazonaws.com/doc/2011-06-15/` */
  xmlNamespace: string;
  operations: Record<string, Operation>;
  onError: (error: unknown) => void;
}

/** awsQuery: https://smithy.io/2.0/aws/protocols/aws-query-protocol.html */
export function createQueryProtocol(options: QueryProtocolOptions): (request: WireRequest) => Promise<WireResponse> {
  const { xmlNamespace, operations } = options;
  return async (request) => {
    const requestId = randomUUID();
    try {
      const { Action: action, Version: _, ...input } = readQuery(new URLSearchParams(request.body));
      const name = typeof action === 'string' ? action : '';
      const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
      if (operation === undefined) {
        throw new AwsError({ code: 'InvalidAction', message: `Could not find operation ${name || '(none)'}` });
      }
      const result = await operation(input, readCredentials(request.headers));
      const metadata = { RequestId: requestId };
      return xml(200, `${name}Response`, xmlNamespace, { [`${name}Result`]: result, ResponseMetadata: metadata });
    } catch (error) {
      if (!(error instanceof AwsError)) options.onError(error);
      const refusal =
        error instanceof AwsError
          ? error
          : new AwsError({ code: 'InternalFailure', message: 'The emulator failed.', status: 500 });
      const Type = refusal.status < 500 ? 'Sender' : 'Receiver';
      return xml(refusal.status, 'ErrorResponse', xmlNamespace, {
        Error: { Type, Code: refusal.code, Message: refusal.message },
        RequestId: requestId,
      });
    }
  };
}

type QueryValue = string | QueryValue[] | { [name: string]: QueryValue };

/** `Tags.member.1.Key=a` becomes `{ Tags: [{ Key: 'a' }] }`. */
function readQuery(query: Iterable<[string, string]>): Record<string, QueryValue> {
  const root: Tree = new Map();
  for (const [path, value] of query) {
    const names = path.split('.');
    const last = names.pop() ?? '';
    let node = root;
    for (const name of names) {
      const next = node.get(name);
      if (next instanceof Map) node = next;
      else node.set(name, (node = new Map()));
    }
    node.set(last, value);
  }
  return Object.fromEntries([...root].map(([name, node]) => [name, collapse(node)]));
}

type Tree = Map<string, Tree | string>;

function collapse(node: Tree | string): QueryValue {
  if (typeof node === 'string') return node;
  const members = node.get('member');
  if (node.size === 1 && members instanceof Map) {
    return [...members].toSorted(([a], [b]) => Number(a) - Number(b)).map(([, member]) => collapse(member));
  }
  // A serializer writes an empty list as `Tags=`, handled by the input's schema.
  return Object.fromEntries([...node].map(([name, child]) => [name, collapse(child)]));
}

function xml(status: number, root: string, namespace: string, document: object): WireResponse {
  return {
    status,
    headers: { 'content-type': 'text/xml' },
    body: `<${root} xmlns="${namespace}">${elements(document)}</${root}>`,
  };
}

function elements(document: object): string {
  return Object.entries<unknown>({ ...document })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => {
      const content = typeof value === 'object' && value !== null ? elements(value) : escapeText(String(value));
      return `<${name}>${content}</${name}>`;
    })
    .join('');
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '&#xD;' };

function escapeText(text: string): string {
  return text.replaceAll(/[&<>\r]/g, (character) => entities[character] ?? character);
}
