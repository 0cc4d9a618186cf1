/** Between the JSON of docs/protocol.md and the objects of proto-loader. */
import type { EnumTypeDefinition, MessageTypeDefinition } from '@grpc/proto-loader';

import { definitions } from './grpc.ts';

interface Field {
  readonly name: string;
  readonly label: string;
  readonly type: string;
  readonly typeName: string;
}
type Message = MessageTypeDefinition<object, object>;
type Json = Record<string, unknown>;

/** This JSON has no form in protobuf: a wrong type, an enum value that does not exist. */
export class Inexpressible extends Error {}

const NUMBERS = new Set([
  'TYPE_INT32',
  'TYPE_INT64',
  'TYPE_UINT32',
  'TYPE_UINT64',
  'TYPE_DOUBLE',
  'TYPE_FLOAT',
]);

function fieldsOf(type: Message): readonly Field[] {
  return (type.type as { field: Field[] }).field;
}

function typeOf(field: Field): Message {
  return definitions[`hongyan.v1.${field.typeName.split('.').at(-1) ?? ''}`] as Message;
}

/** ['PLATFORM_CLI', 'cli'] and so on, the unspecified one first. */
function enumNames(field: Field): readonly (readonly [string, string])[] {
  const name = field.typeName.split('.').at(-1) ?? '';
  const definition = definitions[`hongyan.v1.${name}`] as EnumTypeDefinition;
  const prefix = `${name.replace(/(?<!^)([A-Z])/g, '_$1').toUpperCase()}_`;
  const values = (definition.type as { value: { name: string }[] }).value;
  return values.map((value) => [value.name, value.name.replace(prefix, '').toLowerCase()]);
}

/** What protobuf can carry of a JSON request. Throws Inexpressible. */
export function fromJson(type: Message, json: unknown): Json {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw new Inexpressible(String(json));
  const message: Json = {};
  for (const field of fieldsOf(type)) {
    const value = (json as Json)[field.name];
    if (value === undefined || value === null) continue;
    if (field.label !== 'LABEL_REPEATED') message[field.name] = singleFrom(field, value);
    else if (Array.isArray(value)) message[field.name] = value.map((one) => singleFrom(field, one));
    else throw new Inexpressible(field.name);
  }
  return message;
}

function singleFrom(field: Field, value: unknown): unknown {
  if (field.type === 'TYPE_MESSAGE') return fromJson(typeOf(field), value);
  if (field.type === 'TYPE_STRING' && typeof value === 'string') return value;
  if (field.type === 'TYPE_BOOL' && typeof value === 'boolean') return value;
  if (field.type === 'TYPE_FIXED64' && typeof value === 'string' && /^\d{1,19}$/.test(value)) return value;
  if (NUMBERS.has(field.type) && Number.isSafeInteger(value)) return value;
  if (field.type === 'TYPE_BYTES' && typeof value === 'string') return Buffer.from(value, 'base64url');
  const constant = enumNameOf(field, value);
  if (constant !== undefined) return constant;
  throw new Inexpressible(field.name);
}

function enumNameOf(field: Field, value: unknown): string | undefined {
  return field.type === 'TYPE_ENUM' ? enumNames(field).find(([, name]) => name === value)?.[0] : undefined;
}

/** Fields as texts of a path or query. */
export function fromTexts(type: Message, texts: ReadonlyMap<string, string>): Json {
  const json: Json = {};
  for (const field of fieldsOf(type)) {
    const text = texts.get(field.name);
    if (text === undefined) continue;
    if (NUMBERS.has(field.type)) json[field.name] = Number(text);
    else if (field.type === 'TYPE_BOOL') json[field.name] = text === 'true';
    else json[field.name] = text;
  }
  return fromJson(type, json);
}

/** A response as JSON; `message` has been read with defaults. */
export function toJson(type: Message, message: Json): Json {
  const json: Json = {};
  for (const field of fieldsOf(type)) {
    const value = message[field.name];
    if (value === undefined || value === null) continue;
    const items = Array.isArray(value)
      ? value.map((one: unknown) => singleTo(field, one))
      : singleTo(field, value);
    if (items !== undefined) json[field.name] = items;
  }
  return json;
}

function singleTo(field: Field, value: unknown): unknown {
  if (field.type === 'TYPE_MESSAGE') return toJson(typeOf(field), value as Json);
  if (field.type === 'TYPE_FIXED64') return value === '0' ? undefined : value;
  if (NUMBERS.has(field.type)) return Number(value);
  if (field.type === 'TYPE_BYTES') return (value as Buffer).toString('base64url');
  if (field.type !== 'TYPE_ENUM') return value;
  const [unspecified, ...others] = enumNames(field);
  return value === unspecified?.[0] ? undefined : others.find(([name]) => name === value)?.[1];
}
