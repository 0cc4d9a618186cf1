import { join } from 'node:path';

import { Client, type ClientOptions, credentials, Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { repositoryRoot } from '@hongyan/test-support/command';
import protobuf from 'protobufjs';

import { decodeMessage, encodeMessage, METHODS, type Plain } from './proto.ts';
import { type Deferred, deferred, within } from './wait.ts';

/** What a server answered over gRPC. */
export interface GrpcAnswer {
  readonly status: status;
  /** The text that goes with the status. */
  readonly details: string;
  /** The response in the form it has in JSON; undefined when the call failed. */
  readonly data?: Plain;
  /** Trailing metadata. */
  readonly trailers: Metadata;
}

/** An open call. */
export interface GrpcStream {
  write(request: object): void;
  /** No more requests. */
  end(): void;
  cancel(): void;
  /** The next answer, already here or still to come; rejects when the call ends before it. */
  next(): Promise<Plain>;
  /** How the call ended. */
  readonly ended: Promise<status>;
}

export interface StreamOptions {
  readonly token?: string;
  /** How long the client waits for the end. */
  readonly withinMs?: number;
}

/** A method and the path it is called by. */
export interface GrpcMethod {
  readonly path: string;
  readonly request: protobuf.Type;
  readonly response: protobuf.Type;
}

function methodOf(method: protobuf.Method): GrpcMethod {
  const { resolvedRequestType: request, resolvedResponseType: response, parent } = method;
  if (request === null || response === null || parent === null)
    throw new Error(`${method.name} is incomplete`);
  return { path: `/${parent.fullName.slice(1)}/${method.name}`, request, response };
}

const own = new protobuf.Root();
own.resolvePath = (_, target) => join(repositoryRoot, 'proto', target);
own.loadSync(['grpc/health/v1/health.proto', 'grpc/reflection/v1/reflection.proto'], { keepCase: true });
own.resolveAll();

function ownMethod(service: string, name: string): GrpcMethod {
  const found = own.lookupService(service).methods[name];
  if (found === undefined) throw new Error(`there is no ${service}.${name}`);
  return methodOf(found);
}

export const CHECK = ownMethod('grpc.health.v1.Health', 'Check');
export const WATCH = ownMethod('grpc.health.v1.Health', 'Watch');
export const REFLECTION = ownMethod('grpc.reflection.v1.ServerReflection', 'ServerReflectionInfo');

/** The method of an rpc, for example `message.send`. */
export function rpcMethod(name: string): GrpcMethod {
  const found = METHODS.get(name);
  if (found === undefined) throw new Error(`there is no rpc ${name}`);
  return methodOf(found);
}

function headers(token: string | undefined): Metadata {
  const metadata = new Metadata();
  if (token !== undefined) metadata.set('authorization', `Bearer ${token}`);
  return metadata;
}

/** A client of the gRPC port. Owned by the test that made it, which closes it. */
export class Grpc {
  private readonly client: Client;

  /** With `ca`, a PEM text, the client speaks TLS and trusts this authority alone. */
  constructor(address: string, options: ClientOptions = {}, ca?: string) {
    const secured = ca === undefined ? credentials.createInsecure() : credentials.createSsl(Buffer.from(ca));
    this.client = new Client(address, secured, options);
  }

  /** Calls an rpc by its name; the request is in the form it has in JSON. Rejects only without an answer in time. */
  call(name: string, request: object, token?: string): Promise<GrpcAnswer> {
    return this.unary(rpcMethod(name), request, token);
  }

  unary(method: GrpcMethod, request: object, token?: string): Promise<GrpcAnswer> {
    return this.raw(method, Buffer.from(encodeMessage(method.request, request as Plain)), token);
  }

  /** Sends these bytes as the request. */
  raw(method: GrpcMethod, request: Buffer, token?: string): Promise<GrpcAnswer> {
    const answer = deferred<GrpcAnswer>();
    let data: Plain | undefined;
    const call = this.client.makeUnaryRequest(
      method.path,
      (bytes: Buffer) => bytes,
      (bytes: Buffer) => decodeMessage(method.response, bytes),
      request,
      headers(token),
      (error: ServiceError | null, value?: Plain) => {
        if (error === null) data = value;
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
    return within(answer.promise, `an answer to ${method.path}`, 20_000);
  }

  /** Opens a call without sending a request. */
  stream(method: GrpcMethod, options: StreamOptions = {}): GrpcStream {
    const call = this.client.makeBidiStreamRequest(
      method.path,
      (request: Plain) => Buffer.from(encodeMessage(method.request, request)),
      (bytes: Buffer) => decodeMessage(method.response, bytes),
      headers(options.token),
      options.withinMs === undefined ? {} : { deadline: Date.now() + options.withinMs },
    );
    const [here, waiting]: [Plain[], Deferred<Plain>[]] = [[], []];
    const end = deferred<status>();
    call.on('data', (data: Plain) => {
      const first = waiting.shift();
      if (first === undefined) here.push(data);
      else first.resolve(data);
    });
    // The status tells it.
    call.on('error', () => undefined);
    call.on('status', (final) => {
      end.resolve(final.code);
      for (const one of waiting) one.reject(new Error(`${method.path} ended with ${status[final.code]}`));
    });
    return {
      write: (request) => void call.write(request as Plain),
      end: () => call.end(),
      cancel: () => call.cancel(),
      next: () => {
        const next = deferred<Plain>();
        const first = here.shift();
        if (first === undefined) waiting.push(next);
        else next.resolve(first);
        return within(next.promise, `an answer of ${method.path}`);
      },
      ended: within(end.promise, `the end of ${method.path}`, 20_000),
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
