import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { repositoryRoot } from '@hongyan/test-support/command';

/** One rpc as the proto files declare it. */
export interface Rpc {
  /** Type of its WebSocket frame, for example `message.send`. */
  readonly name: string;
  readonly verb: string;
  /** For example `/v1/conversations/{conversation_id}/messages`. */
  readonly path: string;
  readonly access: string;
}

/** Every rpc of hongyan.v1, from the descriptors that protoc makes of the proto files. */
export function declaredRpcs(): Rpc[] {
  const root = join(repositoryRoot, 'proto');
  const files = readdirSync(join(root, 'hongyan/v1')).filter((name) => name.endsWith('.proto'));
  const folder = mkdtempSync(join(tmpdir(), 'hongyan-rpcs-'));
  const set = join(folder, 'descriptors');
  execFileSync('protoc', ['-I', root, '-o', set, ...files.map((name) => `hongyan/v1/${name}`)]);
  // Read together with options.proto, so that the options of an rpc have names.
  const text = execFileSync(
    'protoc',
    [
      '-I',
      root,
      '--decode=google.protobuf.FileDescriptorSet',
      'google/protobuf/descriptor.proto',
      'hongyan/v1/options.proto',
    ],
    { input: readFileSync(set), encoding: 'utf8' },
  );
  rmSync(folder, { recursive: true });
  const methods = children(parse(text), 'file')
    .flatMap((file) => children(file, 'service'))
    .flatMap((service) => children(service, 'method').map((method) => rpcOf(value(service, 'name'), method)));
  return methods.sort((a, b) => a.name.localeCompare(b.name));
}

/** A message of protobuf's text format: its fields in order. */
type Node = readonly { readonly key: string; readonly value: string | Node }[];

function rpcOf(service: string, method: Node): Rpc {
  const options = children(method, 'options').flatMap((node) => children(node, '[hongyan.v1.rpc]'))[0];
  if (options === undefined) throw new Error(`${service} has an rpc without options`);
  const [verb, path] = value(options, 'http').split(' ');
  const name = `${snake(service.replace(/Service$/, ''))}.${snake(value(method, 'name'))}`;
  return { name, verb: verb ?? '', path: path ?? '', access: value(options, 'access') };
}

function snake(pascal: string): string {
  return pascal.replace(/(?<!^)([A-Z])/g, '_$1').toLowerCase();
}

function children(node: Node, key: string): Node[] {
  return node.flatMap((field) => (field.key === key && typeof field.value !== 'string' ? [field.value] : []));
}

function value(node: Node, key: string): string {
  const found = node.find((field) => field.key === key)?.value;
  return typeof found === 'string' ? found : '';
}

function parse(text: string): Node {
  const stack: { key: string; value: string | Node }[][] = [[]];
  for (const line of text.split('\n')) {
    const field = /^\s*(\S+?):? (\{|.+)$/.exec(line);
    if (field?.[1] !== undefined && field[2] === '{') {
      const inner: { key: string; value: string | Node }[] = [];
      stack.at(-1)?.push({ key: field[1], value: inner });
      stack.push(inner);
    } else if (field?.[1] !== undefined && field[2] !== undefined) {
      stack.at(-1)?.push({ key: field[1], value: field[2].replace(/^"(.*)"$/, '$1') });
    } else if (/^\s*\}$/.test(line)) {
      stack.pop();
    }
  }
  return stack[0] ?? [];
}
