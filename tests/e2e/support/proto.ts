import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { repositoryRoot } from '@hongyan/test-support/command';
import protobuf from 'protobufjs';

/** A message in the form it has in JSON: ids are strings, other integers numbers, enums lower_snake strings. */
export type Plain = Record<string, unknown>;

const PACKAGE = 'hongyan.v1';
const OMIT_EMPTY = '(hongyan.v1.json).omit_empty';
const AS_LIST = '(hongyan.v1.as_list)';
const DESCRIPTOR = 'google/protobuf/descriptor.proto';

const definitions = new protobuf.Root();
definitions.resolvePath = (_, target) =>
  target === DESCRIPTOR
    ? createRequire(import.meta.url).resolve(`protobufjs/${DESCRIPTOR}`)
    : join(repositoryRoot, 'proto', target);
definitions.loadSync(
  readdirSync(join(repositoryRoot, 'proto/hongyan/v1')).map((name) => `hongyan/v1/${name}`),
  { keepCase: true },
);
definitions.resolveAll();

function typeNamed(name: string): protobuf.Type {
  return definitions.lookupType(`${PACKAGE}.${name}`);
}

const Frame = typeNamed('Frame');

/** Types of the data of frames that are no rpcs. */
const OTHERS: ReadonlyMap<string, protobuf.Type> = new Map(
  Object.entries({
    auth: 'AuthFrame',
    ping: 'PingFrame',
    ready: 'ReadyFrame',
    pong: 'PongFrame',
    message: 'MessagePush',
    change: 'ChangePush',
    read: 'ReadPush',
    delivered: 'DeliveredPush',
    user_event: 'UserEventPush',
    typing: 'TypingPush',
    presence: 'PresencePush',
    gap: 'GapPush',
    kicked: 'KickedPush',
    reconnect: 'ReconnectPush',
  }).map(([type, name]) => [type, typeNamed(name)]),
);

const snake = (pascal: string) => pascal.replace(/(?!^)([A-Z])/g, '_$1').toLowerCase();

/** The methods of all services by the type of their frames, for example `message.send`. */
export const METHODS: ReadonlyMap<string, protobuf.Method> = new Map(
  (definitions.lookup(PACKAGE) as protobuf.Namespace).nestedArray
    .filter((one) => one instanceof protobuf.Service)
    .flatMap((service) =>
      service.methodsArray.map((method): [string, protobuf.Method] => [
        `${snake(service.name.replace(/Service$/, ''))}.${snake(method.name)}`,
        method,
      ]),
    ),
);

function requestType(type: string): protobuf.Type | null {
  return OTHERS.get(type) ?? METHODS.get(type)?.resolvedRequestType ?? null;
}

function answerType(asked: string): protobuf.Type | null {
  return METHODS.get(asked)?.resolvedResponseType ?? null;
}

/** `CONVERSATION_TYPE_DIRECT` of enum ConversationType is `direct`. */
function enumName(type: protobuf.Enum, number: number): string {
  const name = type.valuesById[number] ?? String(number);
  return name.toLowerCase().replace(`${snake(type.name)}_`, '');
}

function enumNumber(type: protobuf.Enum, name: unknown): unknown {
  return typeof name === 'number' ? name : type.values[`${snake(type.name)}_${String(name)}`.toUpperCase()];
}

/** Applies `one` to a field's value, or to each of a list's or a map's. */
function mapValue(field: protobuf.Field, value: unknown, one: (value: unknown) => unknown): unknown {
  if (field instanceof protobuf.MapField) {
    return Object.fromEntries(Object.entries(value as Plain).map(([key, inner]) => [key, one(inner)]));
  }
  return field.repeated ? (value as unknown[]).map(one) : one(value);
}

/** What JSON writes as a list of its fields, as an object. */
function unlisted(type: protobuf.Type, plain: Plain | unknown[]): Plain {
  if (type.options?.[AS_LIST] !== true || !Array.isArray(plain)) return plain as Plain;
  return Object.fromEntries(type.fieldsArray.map((field, place) => [field.name, plain[place]]));
}

function toProto(type: protobuf.Type, from: Plain | unknown[]): Plain {
  const plain = unlisted(type, from);
  const out: Plain = {};
  for (const field of type.fieldsArray) {
    const value = plain[field.name];
    if (value === undefined || value === null) continue;
    out[field.name] = mapValue(field, value, (one) => {
      if (field.resolvedType instanceof protobuf.Enum) return enumNumber(field.resolvedType, one);
      return field.resolvedType === null ? one : toProto(field.resolvedType, one as Plain);
    });
  }
  return out;
}

function fromProto(type: protobuf.Type, object: Plain): Plain {
  const out: Plain = {};
  for (const field of type.fieldsArray) {
    const value = object[field.name];
    if (value === undefined || value === null) continue;
    // What JSON leaves out: ids of 0, enums that are not set, and some lists when they are empty.
    if (field.repeated && (value as unknown[]).length === 0 && field.options?.[OMIT_EMPTY] === true) continue;
    if (!field.repeated && field.type === 'fixed64' && value === '0') continue;
    if (!field.repeated && field.resolvedType instanceof protobuf.Enum && value === 0) continue;
    out[field.name] = mapValue(field, value, (one) => {
      if (field.resolvedType instanceof protobuf.Enum) return enumName(field.resolvedType, one as number);
      if (field.resolvedType !== null) return fromProto(field.resolvedType, one as Plain);
      return field.type === 'int64' ? Number(one) : one;
    });
  }
  return out;
}

/** A message in the form it has in JSON. */
export function decodeMessage(type: protobuf.Type, bytes: Uint8Array): Plain {
  return fromProto(type, type.toObject(type.decode(bytes), { longs: String, defaults: true }));
}

/** A message from the form it has in JSON. Values of wrong types become something, or throw. */
export function encodeMessage(type: protobuf.Type, plain: Plain): Uint8Array {
  return type.encode(type.fromObject(toProto(type, plain))).finish();
}

/** The data of a request, encoded. Unknown types get none. */
export function encodeData(type: string, data: unknown): Uint8Array {
  const message = requestType(type);
  if (message === null) return new Uint8Array();
  return encodeMessage(message, data as Plain);
}

/** A binary frame with this data. */
export function protoFrame(type: string, id: string, data: Uint8Array = new Uint8Array()): Buffer {
  return Buffer.from(Frame.encode(Frame.fromObject({ type, id, data })).finish());
}

/** A binary frame of the server in the form a JSON frame has. `asked` is the type of the request it answers. */
export function readProtoFrame(bytes: Buffer, asked: (id: string) => string | undefined): Plain {
  const frame = Frame.toObject(Frame.decode(bytes), { longs: Number }) as {
    type?: string;
    id?: string;
    data?: Uint8Array;
    error?: Plain;
  };
  const { type = '', id, error } = frame;
  const head = { type, ...(id === undefined ? {} : { id }) };
  if (error !== undefined) return { ...head, error };
  const message = type === 'ok' ? answerType(asked(id ?? '') ?? '') : (OTHERS.get(type) ?? null);
  if (message === null) throw new Error(`a frame of an unknown type: ${type}`);
  return { ...head, data: decodeMessage(message, frame.data ?? new Uint8Array()) };
}
