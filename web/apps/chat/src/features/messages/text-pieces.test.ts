import { describe, expect, it } from 'vitest';
import { isOnlyEmojis, piecesOf } from './text-pieces.ts';

/** As kind:text, what is plain without its kind. */
function shown(text: string, marks: Parameters<typeof piecesOf>[1] = []): string[] {
  return piecesOf(text, marks).map((piece) =>
    piece.kind === 'text' ? piece.text : `${piece.kind}:${piece.text}`,
  );
}

describe('ML-29: the pieces of a text', () => {
  it.each([
    ['plain', ['plain']],
    ['', []],
    ['a **b c** d', ['a ', 'bold:b c', ' d']],
    ['**b**', ['bold:b']],
    ['2 ** 3 ** 4', ['2 ** 3 ** 4']],
    ['**open', ['**open']],
    ['****', ['****']],
    ['**one\ntwo**', ['**one\ntwo**']],
    ['run `ls -l` now', ['run ', 'code:ls -l', ' now']],
    ['`**not bold**`', ['code:**not bold**']],
    ['``', ['``']],
    ['```\nint a;\nint b;\n```', ['block:int a;\nint b;']],
    ['see\n```cpp\n**a** `b`\n```\nso', ['see\n', 'block:**a** `b`', 'so']],
    ['``` \n ```', ['``` \n ```']],
    ['```open', ['```open']],
  ])('%j', (text, pieces) => {
    expect(shown(text)).toEqual(pieces);
  });

  it.each([
    ['see https://a.example/x?y=1#z.', 'https://a.example/x?y=1#z'],
    ['(https://a.example)', 'https://a.example'],
    ['https://a.example/Go_(game)', 'https://a.example/Go_(game)'],
    ['看https://a.example/路径，好', 'https://a.example/路径'],
    ['HTTP://A.EXAMPLE!', 'HTTP://A.EXAMPLE'],
    ['**https://a.example**', 'https://a.example'],
  ])('the link in %j', (text, link) => {
    expect(piecesOf(text).find((piece) => piece.kind === 'link')?.text).toBe(link);
  });

  it('are no links to anywhere else, and never markup', () => {
    for (const text of ['javascript:alert(1)', 'https://', 'www.a.example', '<b>x</b>', 'data:text/html,x'])
      expect(piecesOf(text).map((piece) => piece.kind)).toEqual(['text']);
  });

  it('lose nothing but what marks them', () => {
    const text = 'a **b** `c` https://d.example, e';
    expect(
      piecesOf(text)
        .map((piece) => piece.text)
        .join(''),
    ).toBe('a b c https://d.example, e');
  });

  it('are names, too, but not in code', () => {
    const text = '@ada **x** `@ada`';
    const mark = (from: number) => ({ from, to: from + 4, label: 'ada', mine: false });
    expect(shown(text, [mark(0), mark(12)])).toEqual(['mention:@ada', ' ', 'bold:x', ' ', 'code:@ada']);
    const starred = '@a**b**c hi';
    expect(shown(starred, [{ from: 0, to: 8, label: 'a**b**c', mine: true }])).toEqual([
      'mention:@a**b**c',
      ' hi',
    ]);
  });

  it('of a long text are found quickly', () => {
    for (const text of ['** '.repeat(1_600), '**a '.repeat(1_200), '`'.repeat(5_000), '```a'.repeat(1_200)])
      expect(piecesOf(text).length).toBeGreaterThan(0);
  });
});

describe('ML-1: emojis alone', () => {
  it.each(['👍', '❤️ ', '👍🏽👨‍👩‍👧🇨🇳'])('%s', (text) => expect(isOnlyEmojis(text)).toBe(true));
  it.each(['', '1', '#', 'a👍', '👍👍👍👍', '©opy'])('not %j', (text) =>
    expect(isOnlyEmojis(text)).toBe(false),
  );
});
