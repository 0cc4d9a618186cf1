/**
 * HONGYAN_EDGE=grpc sends the REST requests of the tests over gRPC where they have a form there, so that the same tests
 * judge both. What is about HTTP itself (headers, cookies, bodies that are no JSON or of wrong types) stays HTTP.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { grpcAddressOf } from '@hongyan/test-support';
import { repositoryRoot } from '@hongyan/test-support/command';

import { codeOf, Grpc, type GrpcAnswer, methods, status } from './grpc.ts';
import { fromJson, fromTexts, Inexpressible, toJson } from './grpc_json.ts';
import { Answer, type HttpRequest } from './http.ts';
import { declaredRpcs, type Rpc } from './rpcs.ts';

export const overGrpc = process.env.HONGYAN_EDGE === 'grpc';

const clients = new Map<string, Grpc>();
let rpcs: readonly Rpc[] | undefined;
let statuses: ReadonlyMap<string, number> | undefined;

/** The answer REST would have given; undefined when this request has no form in gRPC. */
export async function restOverGrpc(
  base: string,
  verb: string,
  path: string,
  options: HttpRequest,
): Promise<Answer | undefined> {
  const address = grpcAddressOf(base);
  if (address === undefined || options.headers !== undefined || options.raw !== undefined) return undefined;
  const found = route(verb, path);
  const method = found === undefined ? undefined : methods.get(found.rpc.name);
  if (found === undefined || method === undefined) return undefined;
  // What a header of HTTP can hold and metadata cannot.
  if (!/^[ -~]*$/.test(options.token ?? '')) return undefined;
  let request: object;
  try {
    request = {
      ...fromJson(method.requestType, options.body ?? {}),
      ...fromTexts(method.requestType, found.texts),
    };
  } catch (error) {
    if (error instanceof Inexpressible) return undefined;
    throw error;
  }
  const answer = await clientOf(address).call(found.rpc.name, request, { token: options.token });
  return asRest(answer, (data) => toJson(method.responseType, data));
}

function clientOf(address: string): Grpc {
  const client = clients.get(address) ?? new Grpc(address);
  clients.set(address, client);
  return client;
}

function route(verb: string, path: string): { rpc: Rpc; texts: Map<string, string> } | undefined {
  const url = new URL(path, 'http://localhost');
  const parts = url.pathname.split('/');
  rpcs ??= declaredRpcs();
  const fits = rpcs
    .filter((rpc) => rpc.verb === verb)
    .map((rpc) => ({ rpc, segments: rpc.path.split('/') }))
    .filter(
      ({ segments }) =>
        segments.length === parts.length &&
        segments.every((segment, i) => segment.startsWith('{') || segment === parts[i]),
    )
    .sort((a, b) => a.rpc.path.split('{').length - b.rpc.path.split('{').length)[0];
  if (fits === undefined) return undefined;
  const texts = new Map(url.searchParams);
  fits.segments.forEach((segment, i) => {
    if (segment.startsWith('{')) texts.set(segment.slice(1, -1), decodeURIComponent(parts[i] ?? ''));
  });
  return { rpc: fits.rpc, texts };
}

function asRest(answer: GrpcAnswer, write: (data: Record<string, unknown>) => object): Answer {
  const requestId = String(answer.trailers.get('x-request-id')[0] ?? '');
  if (answer.status === status.OK && answer.data !== undefined) {
    return new Answer(200, { 'x-request-id': requestId }, Buffer.from(JSON.stringify(write(answer.data))));
  }
  const code = codeOf(answer);
  const optional = (name: string) => answer.trailers.get(name)[0];
  const [field, retry, until] = ['hongyan-field', 'hongyan-retry-after-ms', 'hongyan-until-ms'].map(optional);
  const error = {
    code,
    message: answer.details,
    ...(field === undefined ? {} : { field }),
    ...(retry === undefined ? {} : { retry_after_ms: Number(retry) }),
    ...(until === undefined ? {} : { until_ms: Number(until) }),
    request_id: requestId,
  };
  const headers = {
    'x-request-id': requestId,
    ...(retry === undefined ? {} : { 'retry-after': String(Math.ceil(Number(retry) / 1000)) }),
  };
  return new Answer(statusOf(code), headers, Buffer.from(JSON.stringify({ error })));
}

function statusOf(code: string): number {
  if (statuses === undefined) {
    const table = readFileSync(join(repositoryRoot, 'proto/errors.toml'), 'utf8');
    statuses = new Map(
      [...table.matchAll(/^\[(\w+)\]\n(?:.*\n)*?status = (\d+)/gm)].map(([, name, value]) => [
        name ?? '',
        Number(value),
      ]),
    );
  }
  const found = statuses.get(code);
  if (found === undefined) throw new Error(`gRPC answered without one of our codes: ${code}`);
  return found;
}
