import { catalogues } from '@hongyan/i18n';
import { describe, expect, it } from 'vitest';
import { createI18n } from 'vue-i18n';
import { groupLine } from './group-line.ts';

/** What is said on the screen of user 1; the others are called P2, P3 … */
function lines(locale: 'en' | 'zh-CN') {
  const { t } = createI18n({ legacy: false, locale, messages: catalogues }).global;
  const called = (id: string) => t('system.named', { name: `P${id}` });
  return (code: string, params: Record<string, string>) =>
    groupLine(
      { code, params },
      {
        t: (key, values) => t(key, values ?? {}),
        locale,
        nowMs: new Date(2026, 4, 2).getTime(),
        who: (id) => (id === '1' ? t('system.you') : called(id)),
        whom: (id) => (id === '1' ? t('system.youAsWell') : called(id)),
      },
    );
}

const CODES: readonly (readonly [string, Record<string, string>, string, string])[] = [
  ['group_created', { by: '1', user_ids: '1' }, 'You created the group', '你创建了群聊'],
  [
    'group_created',
    { by: '2', name: 'x', user_ids: '2,1,3' },
    'P2 created the group with you and P3',
    '“P2”邀请你和“P3”加入了群聊',
  ],
  ['member_added', { by: '2', user_ids: '3' }, 'P2 added P3', '“P2”邀请“P3”加入了群聊'],
  ['member_removed', { by: '2', user_id: '1' }, 'P2 removed you', '“P2”将你移出了群聊'],
  ['member_left', { user_id: '1' }, 'You left the group', '你退出了群聊'],
  ['member_joined', { user_id: '2' }, 'P2 joined the group', '“P2”加入了群聊'],
  ['member_joined', { user_id: '2', by: '1' }, 'P2 joined the group through you', '“P2”通过你加入了群聊'],
  ['role_changed', { by: '1', user_id: '2', role: 'admin' }, 'You made P2 an admin', '你将“P2”设为管理员'],
  [
    'role_changed',
    { by: '2', user_id: '1', role: 'member' },
    'P2 took the admin role from you',
    '“P2”取消了你的管理员身份',
  ],
  ['owner_changed', { by: '2', user_id: '1' }, 'P2 handed the group over to you', '“P2”将群主转让给你'],
  ['group_renamed', { by: '2', name: '<b>' }, 'P2 renamed the group to “<b>”', '“P2”修改群名为“<b>”'],
  ['group_renamed', { by: '2', name: '' }, 'P2 removed the group name', '“P2”清除了群名'],
  [
    'join_mode_changed',
    { by: '1', join_mode: 'approval' },
    'You made joining subject to approval',
    '你开启了进群审核',
  ],
  ['all_muted', { by: '2' }, 'P2 muted everybody', '“P2”开启了全员禁言'],
  ['all_unmuted', { by: '1' }, 'You unmuted everybody', '你关闭了全员禁言'],
  ['member_unmuted', { by: '2', user_id: '1' }, 'P2 unmuted you', '“P2”解除了你的禁言'],
  [
    'nickname_changed',
    { by: '2', user_id: '2', nickname: 'Cap' },
    'P2 chose the group nickname “Cap”',
    '“P2”修改群昵称为“Cap”',
  ],
  [
    'nickname_changed',
    { by: '2', user_id: '1', nickname: '' },
    'P2 took the group nickname from you',
    '“P2”清除了你的群昵称',
  ],
  ['notice_changed', { by: '2', text: 'Monday' }, 'P2 posted a notice: Monday', '“P2”发布了群公告：Monday'],
  ['notice_changed', { by: '2', text: '' }, 'P2 took down the notice', '“P2”撤下了群公告'],
  ['group_dissolved', { by: '1' }, 'You dissolved the group', '你解散了群聊'],
];

describe('ML-19: lines of groups', () => {
  it.each(CODES)('%s %o', (code, params, en, zh) => {
    expect(lines('en')(code, params)).toBe(en);
    expect(lines('zh-CN')(code, params)).toBe(zh);
  });

  it('say until when somebody is muted', () => {
    const until = String(new Date(2026, 4, 3, 9, 30).getTime());
    const line = lines('en')('member_muted', { by: '1', user_id: '2', until_ms: until });
    expect(line).toMatch(/^You muted P2 until May 3, 2026.*9:30/);
    const today = String(new Date(2026, 4, 2, 9, 30).getTime());
    const params = { by: '1', user_id: '2', until_ms: today };
    expect(lines('zh-CN')('member_muted', params)).toBe('你将“P2”禁言至 09:30');
  });

  it('count whom they do not name', () => {
    const user_ids = Array.from({ length: 9 }, (_, n) => String(n + 2)).join(',');
    const params = { by: '1', user_ids };
    expect(lines('en')('member_added', params)).toBe(
      'You added P2, P3, P4, P5, P6, P7 and others (9 people)',
    );
    expect(lines('zh-CN')('member_added', params)).toBe(
      '你邀请“P2”、“P3”、“P4”、“P5”、“P6”、“P7”等 9 人加入了群聊',
    );
  });

  it('ask for nobody they do not name', () => {
    const asked: string[] = [];
    const name = (id: string) => {
      asked.push(id);
      return id;
    };
    const texts = { t: (key: string) => key, locale: 'en', nowMs: 0, who: name, whom: name };
    groupLine({ code: 'member_joined', params: { user_id: '2' } }, texts);
    groupLine({ code: 'all_muted', params: { by: '3' } }, texts);
    expect(new Set(asked)).toEqual(new Set(['2', '3']));
  });

  it('are nothing where the code is of a later server', () => {
    expect(lines('en')('from_the_future', { by: '1' })).toBeUndefined();
    expect(lines('en')('join_mode_changed', { by: '1', join_mode: 'later' })).toBeUndefined();
  });
});
