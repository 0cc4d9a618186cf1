import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { repositoryRoot } from '@hongyan/test-support/command';

/** An OpenAPI document, as far as tests change it. */
export interface OpenApi {
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { readonly schemas: Record<string, Schema> };
}

interface Operation {
  operationId: string;
  parameters?: Parameter[];
  requestBody?: { content: { 'application/json': { schema: Schema } } };
}

export interface Schema {
  $ref?: string;
  type?: string;
  pattern?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean;
  anyOf?: Schema[];
  items?: Schema;
  oneOf?: Schema[];
  const?: unknown;
  enum?: unknown[];
  examples?: unknown[];
}

interface Parameter {
  readonly name: string;
  schema: Schema;
}

export interface Run {
  /** Sent as `Authorization: Bearer` with every request; absent: none is. */
  readonly token?: string;
  /** Only these operations; default all. */
  readonly include?: readonly string[];
  /** Requests made up for each operation. */
  readonly examples: number;
  /** Also tries the edges of each parameter, and the methods that a path does not have. */
  readonly edges?: boolean;
}

/** What must hold for every answer. */
const CHECKS = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
  'unsupported_method',
  'allow_header_conformance',
  'ignored_auth',
];
const WITHIN_MS = 400_000;

/** Runs schemathesis over a server by this document. Resolves with its exit code, 0 when nothing was found. */
export async function schemathesis(
  url: string,
  document: OpenApi,
  run: Run,
): Promise<{ code: number | null; output: string }> {
  // It leaves files where it runs.
  const folder = mkdtempSync(join(tmpdir(), 'hongyan-schemathesis-'));
  const file = join(folder, 'openapi.json');
  writeFileSync(file, JSON.stringify(document));
  const words = ['run', file, '--url', url, '--checks', CHECKS.join(','), '--warnings', 'off', '--no-color'];
  const phases = run.edges === true ? 'examples,coverage,fuzzing' : 'examples,fuzzing';
  // One worker: threads share caches of hypothesis, and once in a while it ended with a KeyError of its own.
  words.push('--phases', phases, '--max-examples', String(run.examples), '--workers', '1');
  // The same requests in every run: a finding is one of this commit, not of this day.
  words.push('--generation-deterministic');
  if (run.token !== undefined) words.push('--header', `Authorization: Bearer ${run.token}`);
  for (const name of run.include ?? []) words.push('--include-operation-id', name);
  try {
    return await ended(words, folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function ended(words: string[], cwd: string): Promise<{ code: number | null; output: string }> {
  return new Promise((done, fail) => {
    const child = spawn(join(repositoryRoot, 'tools/dev/schemathesis'), words, {
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const guard = setTimeout(() => child.kill('SIGKILL'), WITHIN_MS);
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
    child.once('error', fail);
    child.once('close', (code) => {
      clearTimeout(guard);
      done({ code, output });
    });
  });
}

/** The document with every object closed: a field of an answer that is not described becomes a finding. */
export function closed(document: OpenApi): OpenApi {
  const copy = structuredClone(document);
  for (const schema of Object.values(copy.components.schemas)) {
    if (schema.properties !== undefined) schema.additionalProperties = false;
  }
  return copy;
}

/** The document with these values offered for the fields of these names, so that requests get through to the end. */
export function offering(document: OpenApi, values: Readonly<Record<string, unknown>>): OpenApi {
  const copy = structuredClone(document);
  const offer = (name: string, schema: Schema): Schema => {
    const value = values[name];
    // What is no object is no value for one that has the same name.
    if (value === undefined || (schema.$ref !== undefined && typeof value !== 'object')) return schema;
    if (schema.items !== undefined) return { ...schema, items: { anyOf: [{ const: value }, schema.items] } };
    // Wrong passwords would soon lock the account.
    return name.endsWith('password') ? { const: value } : { anyOf: [{ const: value }, schema] };
  };
  for (const operation of Object.values(copy.paths).flatMap((path) => Object.values(path))) {
    for (const parameter of operation.parameters ?? []) {
      parameter.schema = offer(parameter.name, parameter.schema);
    }
  }
  for (const [name, schema] of Object.entries(copy.components.schemas)) {
    if (!name.endsWith('Request')) continue;
    for (const [field, inner] of Object.entries(schema.properties ?? {})) {
      schema.properties = { ...schema.properties, [field]: offer(field, inner) };
    }
  }
  return copy;
}
