import { join } from 'node:path';

import {
  type CallOptions,
  Client,
  type ClientOptions,
  credentials,
  Metadata,
  type ServiceError,
  status,
} from '@grpc/grpc-js';
import { loadSync, type MethodDefinition } from '@grpc/proto-loader';
import { repositoryRoot } from '@hongyan/test-support/command';

import { type Deferred, deferred, within } from './wait.ts';

/** What a server answered over gRPC. */
export interface GrpcAnswer {
  readonly status: status;
  /** The text that goes with the status. */
  readonly details: string;
  /** The response; undefined when the call failed. */
  readonly data?: Record<string, unknown>;
  /** Trailing metadata. */
  readonly trailers: Metadata;
}

export interface GrpcCall {
  readonly token?: string | undefined;
  /** How long the client waits. */
  readonly withinMs?: number;
}

/** An open call. */
export interface GrpcStream {
  write(request: object): void;
  /** No more requests. */
  end(): void;
  cancel(): void;
  /** The next answer, already here or still to come; rejects when the call ends before it. */
  next(): Promise<Record<string, unknown>>;
  /** How the call ended. */
  readonly ended: Promise<status>;
}

type Json = Record<string, unknown>;
type AnyMethod = MethodDefinition<object, object>;

const FILES = [
  'hongyan/v1/auth.proto',
  'hongyan/v1/conversation.proto',
  'hongyan/v1/message.proto',
  'hongyan/v1/user.proto',
  'grpc/health/v1/health.proto',
  'grpc/reflection/v1/reflection.proto',
];
export const definitions = loadSync(FILES, {
  includeDirs: [join(repositoryRoot, 'proto')],
  keepCase: true,
  longs: String,
  enums: String,
  defaults: true,
  arrays: true,
});

function snake(pascal: string): string {
  return pascal.replace(/(?<!^)([A-Z])/g, '_$1').toLowerCase();
}

/** `message.send` -> its method, from the proto files the server is built from. */
export const methods: ReadonlyMap<string, AnyMethod> = new Map(
  Object.entries(definitions)
    .filter(([name]) => name.startsWith('hongyan.v1.') && name.endsWith('Service'))
    .flatMap(([name, service]) =>
      Object.entries(service as Record<string, AnyMethod>).map(([method, definition]) => [
        `${snake(name.replace(/^hongyan\.v1\.|Service$/g, ''))}.${snake(method)}`,
        definition,
      ]),
    ),
);

/** A method of gRPC's own services, for example `grpc.health.v1.Health`, `Check`. */
export function methodOf(service: string, method: string): AnyMethod {
  const found = (definitions[service] as Record<string, AnyMethod> | undefined)?.[method];
  if (found === undefined) throw new Error(`there is no ${service}.${method}`);
  return found;
}

/** A client of the gRPC port. Owned by the test that made it, which closes it. */
export class Grpc {
  readonly client: Client;

  constructor(address: string, options: ClientOptions = {}) {
    this.client = new Client(address, credentials.createInsecure(), options);
  }

  /** Calls an rpc by its name. Rejects only when there is no answer in time. */
  call(name: string, request: object, options: GrpcCall = {}): Promise<GrpcAnswer> {
    const method = methods.get(name);
    if (method === undefined) throw new Error(`there is no rpc ${name}`);
    return this.unary(method.path, method.requestSerialize(request), method, options);
  }

  /** Calls a path with these bytes as the request. */
  unary(path: string, request: Buffer, method: AnyMethod, options: GrpcCall = {}): Promise<GrpcAnswer> {
    const metadata = new Metadata();
    if (options.token !== undefined) metadata.set('authorization', `Bearer ${options.token}`);
    const callOptions: CallOptions =
      options.withinMs === undefined ? {} : { deadline: Date.now() + options.withinMs };
    const answer = deferred<GrpcAnswer>();
    let data: Record<string, unknown> | undefined;
    const call = this.client.makeUnaryRequest(
      path,
      (bytes: Buffer) => bytes,
      method.responseDeserialize,
      request,
      metadata,
      callOptions,
      (error: ServiceError | null, value?: object) => {
        if (error === null) data = value as Record<string, unknown>;
      },
    );
    call.on('status', (end) =>
      answer.resolve({
        status: end.code,
        details: end.details,
        trailers: end.metadata,
        ...(data === undefined ? {} : { data }),
      }),
    );
    return within(answer.promise, `an answer to ${path}`, 20_000);
  }

  /** Opens a call on this path without sending a request. */
  stream(path: string, method: AnyMethod, metadata = new Metadata(), withinMs?: number): GrpcStream {
    const options = withinMs === undefined ? {} : { deadline: Date.now() + withinMs };
    const { requestSerialize, responseDeserialize } = method;
    const call = this.client.makeBidiStreamRequest(
      path,
      requestSerialize,
      responseDeserialize,
      metadata,
      options,
    );
    const [here, waiting]: [Json[], Deferred<Json>[]] = [[], []];
    const end = deferred<status>();
    call.on('data', (data: Json) => {
      const first = waiting.shift();
      if (first === undefined) here.push(data);
      else first.resolve(data);
    });
    // The status tells it.
    call.on('error', () => undefined);
    call.on('status', (final) => {
      end.resolve(final.code);
      for (const one of waiting) one.reject(new Error(`${path} ended with ${status[final.code]}`));
    });
    return {
      write: (request) => void call.write(request),
      end: () => call.end(),
      cancel: () => call.cancel(),
      next: () => {
        const next = deferred<Json>();
        const first = here.shift();
        if (first === undefined) waiting.push(next);
        else next.resolve(first);
        return within(next.promise, `an answer of ${path}`);
      },
      ended: within(end.promise, `the end of ${path}`, 20_000),
    };
  }

  close(): void {
    this.client.close();
  }
}

/** Our code of a refusal. */
export function codeOf(answer: GrpcAnswer): string {
  return String(answer.trailers.get('hongyan-code')[0] ?? '');
}

export { status };
