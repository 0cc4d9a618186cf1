import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { repositoryRoot } from '@hongyan/test-support/command';

/** One line of an example in docs/protocol.md. */
export interface Line {
  /** Where it stands, for messages: `protocol.md:12`. */
  readonly where: string;
  /** `C` is sent by the client, `S` by the server, `*` is done by somebody else. */
  readonly by: 'C' | 'S' | '*';
  readonly text: string;
}

/** Anything may stand here. */
export const ANYTHING = '…';

/** The fenced blocks of docs/protocol.md whose lines begin with C, S or *. */
export function examples(): Line[][] {
  const blocks: Line[][] = [];
  let block: Line[] | undefined;
  const lines = readFileSync(join(repositoryRoot, 'docs/protocol.md'), 'utf8').split('\n');
  for (const [index, text] of lines.entries()) {
    if (text.startsWith('```')) {
      if (block !== undefined && block.length > 0) blocks.push(block);
      block = block === undefined ? [] : undefined;
      continue;
    }
    const found = /^([CS*]) (.+)$/.exec(text);
    if (block === undefined || found?.[2] === undefined) continue;
    block.push({ where: `protocol.md:${index + 1}`, by: found[1] as Line['by'], text: found[2] });
  }
  return blocks;
}

/** JSON in which `…` may stand for a value, for the members of an object or the elements of a list. */
export function parseExample(json: string): unknown {
  const quoted = json
    .replace(/\{…\}/g, `{"${ANYTHING}":0}`)
    .replace(/\[…\]/g, `["${ANYTHING}"]`)
    .replace(/:…/g, `:"${ANYTHING}"`);
  return JSON.parse(quoted);
}

/** Whether a value is what the example shows. */
export function isLike(example: unknown, value: unknown): boolean {
  if (example === ANYTHING) return value !== undefined;
  if (Array.isArray(example)) {
    if (!Array.isArray(value)) return false;
    if (example[0] === ANYTHING) return true;
    return example.length === value.length && example.every((item, i) => isLike(item, value[i]));
  }
  if (typeof example !== 'object' || example === null) return example === value;
  if (typeof value !== 'object' || value === null) return false;
  const fields = Object.entries(example);
  const known: Record<string, unknown> = { ...value };
  if (ANYTHING in example) return true;
  return (
    fields.length === Object.keys(known).length && fields.every(([key, inner]) => isLike(inner, known[key]))
  );
}

/** An example to be sent, with the real text of each field, or element of a list, whose text is `…`. */
export function filled(example: unknown, texts: Readonly<Record<string, string>>, field = ''): unknown {
  if (example === ANYTHING) {
    if (texts[field] === undefined) throw new Error(`what is "${field}" in an example?`);
    return texts[field];
  }
  if (Array.isArray(example)) return example.map((item) => filled(item, texts, field));
  if (typeof example !== 'object' || example === null) return example;
  if (Array.isArray(example)) return example.map((item) => filled(item, texts));
  return Object.fromEntries(
    Object.entries(example).map(([key, inner]: [string, unknown]) => [key, filled(inner, texts, key)]),
  );
}
