/**
 * HONGYAN_EDGE=grpc sends the REST requests of the tests over gRPC where they have a form there, so that the same tests
 * judge both. What is about HTTP itself (headers, cookies, bodies that are no JSON or of wrong types) stays HTTP.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { grpcAddressOf } from '@hongyan/test-support';
import { repositoryRoot } from '@hongyan/test-support/command';

import protobuf from 'protobufjs';

import { codeOf, Grpc, type GrpcAnswer, rpcMethod, status } from './grpc.ts';
import { Answer, type HttpRequest } from './http.ts';
import type { Plain } from './proto.ts';
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
  // What a header of HTTP can hold and metadata cannot.
  if (!/^[ -~]*$/.test(options.token ?? '')) return undefined;
  const found = route(verb, path);
  if (found === undefined) return undefined;
  const method = rpcMethod(found.rpc.name);
  const request = { ...(options.body ?? {}), ...fromTexts(method.request, found.texts) };
  if (!isExpressible(method.request, request)) return undefined;
  return asRest(await clientOf(address).unary(method, request, options.token));
}

const NUMBERS = new Set(['int32', 'int64', 'uint32', 'uint64', 'double', 'float']);

/** Whether each field of this JSON has its type, so that protobuf can carry it as it is. */
function isExpressible(type: protobuf.Type, json: unknown): json is Plain {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return false;
  return type.fieldsArray.every((field) => {
    const value = (json as Plain)[field.name];
    if (value === undefined || value === null) return true;
    if (!field.repeated) return fits(field, value);
    return Array.isArray(value) && value.every((one) => fits(field, one));
  });
}

function fits(field: protobuf.Field, value: unknown): boolean {
  const { type, resolvedType } = field;
  if (resolvedType instanceof protobuf.Type) return isExpressible(resolvedType, value);
  if (resolvedType instanceof protobuf.Enum) {
    return Object.keys(resolvedType.values).some((name) => name.toLowerCase().endsWith(`_${String(value)}`));
  }
  if (type === 'fixed64') return typeof value === 'string' && /^\d{1,19}$/.test(value);
  if (type === 'bool') return typeof value === 'boolean';
  return NUMBERS.has(type) ? Number.isSafeInteger(value) : typeof value === 'string';
}

/** Fields of a path and query with the types they have in JSON. */
function fromTexts(type: protobuf.Type, texts: ReadonlyMap<string, string>): Plain {
  const plain: Plain = {};
  for (const [name, text] of texts) {
    const kind = type.fields[name]?.type ?? '';
    if (kind === 'bool') plain[name] = text === 'true';
    else plain[name] = NUMBERS.has(kind) ? Number(text) : text;
  }
  return plain;
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

function asRest(answer: GrpcAnswer): Answer {
  const requestId = String(answer.trailers.get('x-request-id')[0] ?? '');
  if (answer.status === status.OK && answer.data !== undefined) {
    return new Answer(200, { 'x-request-id': requestId }, Buffer.from(JSON.stringify(answer.data)));
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
