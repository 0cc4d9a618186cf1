import { catalogues } from '@hongyan/i18n';
import { mount } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { expect, it } from 'vitest';
import { h } from 'vue';
import { createI18n } from 'vue-i18n';
import { useSession } from '../stores/session.ts';
import { directChat, groupChat } from '../testing/builders.ts';
import { useContentText } from './content-text.ts';

const group = groupChat({ conversation_id: '10', title: 'Trip' });
const conversation = directChat();

/** What is said on the screen of user 1, who is called Alice. */
function texts(of = conversation): ReturnType<typeof useContentText> {
  const pinia = createPinia();
  setActivePinia(pinia);
  const session = useSession();
  session.user = { user_id: '1', nickname: 'Alice' } as NonNullable<typeof session.user>;
  let made: ReturnType<typeof useContentText> | undefined;
  const i18n = createI18n({ legacy: false, locale: 'en', messages: catalogues });
  mount(
    {
      setup() {
        made = useContentText(() => of);
        return () => h('i');
      },
    },
    { global: { plugins: [pinia, i18n] } },
  );
  if (made === undefined) throw new Error('not mounted');
  return made;
}

it('ML-19: says who has accepted whom, and with what greeting', () => {
  const { systemLines } = texts();
  const line = (by: string, userId: string, message?: string) =>
    systemLines({
      code: 'contact_added',
      params: { by, user_id: userId, ...(message === undefined ? {} : { message }) },
    });
  expect(line('1', '2', 'hi <b>')).toEqual(['You added Bob. You can chat now', 'Bob: hi <b>']);
  expect(line('2', '1', 'hi')).toEqual(['Bob accepted your friend request. You can chat now', 'Alice: hi']);
  expect(line('2', '1')).toHaveLength(1);
  expect(systemLines({ code: 'from_the_future', params: {} })).toBeUndefined();
});

it('ML-20, CL-2: puts a message on one line, and tells that it does not know a kind', () => {
  const { preview, summary } = texts();
  expect(preview({ text: { text: ' a\n\n b\tc ' } })).toBe('a b c');
  expect(preview({ system: { code: 'contact_added', params: { by: '1', user_id: '2' } } })).toContain('Bob');
  expect(preview({})).toBeUndefined();
  expect(preview(undefined)).toBeUndefined();
  expect(summary({ content: {}, sender_id: '2' })).toBe('[Unsupported message]');
});

it('ML-19, CL-2: says what became of a group, also while nobody knows yet who somebody is', () => {
  const { systemLines, preview } = texts(group);
  const renamed = { code: 'group_renamed', params: { by: '1', name: 'a\nb' } };
  expect(systemLines(renamed)).toEqual(['You renamed the group to “a\nb”']);
  expect(preview({ system: renamed })).toBe('You renamed the group to “a b”');
  expect(systemLines({ code: 'member_left', params: { user_id: '7' } })).toEqual(['… left the group']);
});

it('ML-14, CL-2: says who has recalled what', () => {
  const { summary, recalledLine } = texts();
  const recalled = (by: string, sender_id: string) => summary({ sender_id, recalled: { by, time_ms: 1 } });
  expect(recalled('1', '1')).toBe('You recalled a message');
  expect(recalled('2', '1')).toContain('recalled a message from you');
  expect(recalledLine('1', '2')).toMatch(/^You recalled a message from ./);
  expect(summary({ content: { text: { text: ' a\nb ' } } })).toBe('a b');
  expect(summary({ content: {} })).toBe('[Unsupported message]');
});
