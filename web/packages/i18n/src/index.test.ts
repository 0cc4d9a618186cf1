import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { catalogues, chooseLocale } from './index.ts';

/** Every text of a catalogue by its dotted key. */
function texts(tree: object, prefix = ''): Map<string, string> {
  const found = new Map<string, string>();
  for (const [key, value] of Object.entries(tree) as [string, unknown][]) {
    if (typeof value === 'string') found.set(prefix + key, value);
    else for (const [k, v] of texts(value as object, `${prefix}${key}.`)) found.set(k, v);
  }
  return found;
}

/** As a set: a plural form repeats them. */
const placeholders = (text: string) => [...new Set([...text.matchAll(/\{\w+\}/g)].map(String))].sort();

describe('catalogues', () => {
  const zh = texts(catalogues['zh-CN']);
  const en = texts(catalogues.en);

  it('have the same keys', () => {
    expect([...en.keys()]).toEqual([...zh.keys()]);
  });

  it('have no empty text and the same placeholders', () => {
    for (const [key, text] of zh) {
      expect(text.trim(), key).not.toBe('');
      expect(en.get(key)?.trim(), key).not.toBe('');
      expect(placeholders(en.get(key) ?? ''), key).toEqual(placeholders(text));
    }
  });

  it('have no @, which begins a link to another text', () => {
    for (const [key, text] of [...zh, ...en]) expect(text.replaceAll("{'@'}", ''), key).not.toContain('@');
  });

  it('have a text for every error code', () => {
    const table = readFileSync(new URL('../../../../proto/errors.toml', import.meta.url), 'utf8');
    const codes = [...table.matchAll(/^\[(\w+)\]$/gm)].map((m) => `error.${m[1]}`);
    expect(codes.length).toBeGreaterThan(30);
    for (const code of codes) expect(zh.has(code), code).toBe(true);
    expect([...zh.keys()].filter((k) => k.startsWith('error.')).sort()).toEqual(codes.sort());
  });

  it('choose by what the browser prefers', () => {
    expect(chooseLocale(['fr', 'en-GB', 'zh'])).toBe('en');
    expect(chooseLocale(['zh-TW'])).toBe('zh-CN');
    expect(chooseLocale(['fr'])).toBe('zh-CN');
  });
});
