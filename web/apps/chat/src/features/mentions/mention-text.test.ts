import { describe, expect, it } from 'vitest';
import { matching, lookUp, type Mentionable } from './mention-source.ts';
import {
  closedMentions,
  mentionBefore,
  mentionBeingTyped,
  mentionsIn,
  mentionText,
  sentMentions,
} from './mention-text.ts';

const person = (userId: string, label: string, about: Partial<Mentionable> = {}): Mentionable => ({
  userId,
  label,
  remark: '',
  avatar: '',
  sounds: [],
  ...about,
});
const everybody: Mentionable = { ...person('', '所有人'), userId: undefined, sounds: ['all'] };
const people = [everybody, person('1', '李雷'), person('2', 'Ada Lovelace'), person('3', 'a@b')];
const lookup = (label: string) => lookUp(people, new Map(), label);
const isName = (label: string) => lookup(label) !== undefined;

describe('the name that is being typed', () => {
  it.each([
    ['@', 1, { from: 0, query: '' }],
    ['hi @li', 6, { from: 3, query: 'li' }],
    ['你好@李', 4, { from: 2, query: '李' }],
    ['@li lei', 3, { from: 0, query: 'li' }],
    ['(@li', 4, { from: 1, query: 'li' }],
  ])('%j at %d', (text, caret, typed) => {
    expect(mentionBeingTyped(text, caret)).toEqual(typed);
  });

  it.each([
    ['li', 2],
    ['a@b', 3],
    ['@li lei', 7],
    ['@li\n', 4],
    [`${mentionText('李雷')}`, 4],
    [`@${'x'.repeat(25)}`, 26],
    ['@li', 0],
  ])('none in %j at %d', (text, caret) => {
    expect(mentionBeingTyped(text, caret)).toBeUndefined();
  });
});

describe('names in a text', () => {
  const text = `${mentionText('李雷')}${mentionText('Ada Lovelace')}and ${mentionText('a@b')}`;

  it('have their ends, also with blanks and an @ in them', () => {
    expect(closedMentions(text, isName).map((span) => span.label)).toEqual(['李雷', 'Ada Lovelace', 'a@b']);
    expect(closedMentions('no\u2005name', isName)).toEqual([]);
    expect(closedMentions('@\u2005', isName)).toEqual([]);
    expect(closedMentions('@on\nanother line\u2005', isName)).toEqual([]);
  });

  it('tell who is meant, each once', () => {
    expect(mentionsIn(text + mentionText('李雷'), lookup)).toEqual({ user_ids: ['1', '2', '3'], all: false });
    expect(mentionsIn(mentionText('所有人'), lookup)).toEqual({ user_ids: [], all: true });
    expect(mentionsIn('@李雷 without an end', lookup)).toBeUndefined();
    expect(mentionsIn(mentionText('韩梅梅'), lookup)).toBeUndefined();
  });

  it('mean who was chosen, when several are called so', () => {
    const twins = [person('1', '王伟'), person('2', '王伟')];
    const named = (ids: string[]) => lookUp(twins, new Map([['王伟', new Set(ids)]]), '王伟');
    expect(named(['2'])).toEqual({ userIds: ['2'], all: false });
    expect(named(['2', '1'])).toEqual({ userIds: ['2', '1'], all: false });
    expect(named([])).toEqual({ userIds: ['1'], all: false });
  });

  it('are taken away as a whole from their end only', () => {
    const begun = `hi ${mentionText('Ada Lovelace')}!`;
    expect(mentionBefore(begun, 17, isName)).toMatchObject({ from: 3, to: 17 });
    expect(mentionBefore(begun, 16, isName)).toBeUndefined();
    expect(mentionBefore(begun, 18, isName)).toBeUndefined();
  });

  it('are found in what was sent, with and without an end', () => {
    const labels = (sent: string, ...known: string[]) => sentMentions(sent, known).map((span) => span.label);
    expect(labels(`${mentionText('old name')}hi`, 'new name')).toEqual(['old name']);
    expect(labels('@ada, @adam and @ada', 'ada', 'adam')).toEqual(['ada', 'adam', 'ada']);
    expect(labels('@李雷你好', '李雷')).toEqual(['李雷']);
    expect(labels('@adamant', 'ada')).toEqual([]);
    expect(labels(mentionText('ada'), 'ada')).toEqual(['ada']);
    expect(labels('@nobody', '')).toEqual([]);
  });
});

describe('who matches', () => {
  const shown = (query: string, found: string[] = [], of = people) =>
    matching(of, query, new Set(found)).map((one) => one.label);

  it('is everybody in their order at first', () => {
    expect(shown('')).toEqual(['所有人', '李雷', 'Ada Lovelace', 'a@b']);
  });

  it('is found by a part of the name, a remark, a sound, or by the server; beginnings come first', () => {
    const friends = [
      person('1', 'Nadal'),
      person('2', 'adam'),
      person('3', '阿达', { sounds: ['ada'] }),
      person('4', 'x', { remark: 'Ada' }),
      person('5', '啊'),
    ];
    expect(shown('ad', [], friends)).toEqual(['adam', 'x', 'Nadal', '阿达']);
    expect(shown('ada', ['5'], friends)).toEqual(['adam', 'x', 'Nadal', '阿达', '啊']);
    expect(shown('all')).toEqual(['所有人']);
    expect(shown('zzz')).toEqual([]);
  });
});
