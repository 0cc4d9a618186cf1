import type { SystemContent } from '@hongyan/sdk';
import { momentLabel } from './time/time-labels.ts';

/** What a line is put into words with. */
export interface LineTexts {
  readonly t: (key: string, values?: Record<string, unknown>) => string;
  readonly locale: string;
  readonly nowMs: number;
  /** What somebody is called who has done something. */
  readonly who: (userId: string) => string;
  /** The same of those with whom something was done. */
  readonly whom: (userId: string) => string;
}

/** More people than this are counted, not named. */
const MAX_NAMED = 6;

/** What the server says about a group; undefined for a code this client does not know. */
export function groupLine({ code, params }: SystemContent, texts: LineTexts): string | undefined {
  const { t, who, whom, locale } = texts;
  const by = params['by'] ?? '';
  const userId = params['user_id'] ?? '';
  const own = by === userId;
  // Whoever a line does not name is not asked for.
  const values = { by: by === '' ? '' : who(by), name: userId === '' ? '' : whom(userId) };
  switch (code) {
    case 'group_created': {
      const others = idsOf(params).filter((id) => id !== by);
      return others.length === 0
        ? t('system.groupCreated', values)
        : t('system.groupCreatedWith', { ...values, names: listOf(others, texts) });
    }
    case 'member_added':
      return t('system.memberAdded', { ...values, names: listOf(idsOf(params), texts) });
    case 'member_removed':
      return t('system.memberRemoved', values);
    case 'member_left':
      return t('system.memberLeft', { name: who(userId) });
    case 'member_joined':
      return by === ''
        ? t('system.memberJoined', { name: who(userId) })
        : t('system.memberJoinedThrough', { name: who(userId), by: whom(by) });
    case 'role_changed':
      return t(params['role'] === 'admin' ? 'system.adminMade' : 'system.adminRevoked', values);
    case 'owner_changed':
      return t('system.ownerChanged', values);
    case 'group_renamed':
      return params['name']
        ? t('system.groupRenamed', { ...values, name: params['name'] })
        : t('system.groupUnnamed', values);
    case 'join_mode_changed':
      return joinModeLine(params['join_mode'], values, t);
    case 'all_muted':
      return t('system.allMuted', values);
    case 'all_unmuted':
      return t('system.allUnmuted', values);
    case 'member_muted':
      return t('system.memberMuted', {
        ...values,
        time: momentLabel(Number(params['until_ms']), texts.nowMs, locale),
      });
    case 'member_unmuted':
      return t('system.memberUnmuted', values);
    case 'nickname_changed': {
      const nickname = params['nickname'] ?? '';
      const key = nickname === '' ? 'nicknameCleared' : 'nicknameChanged';
      return t(`system.${key}${own ? 'Own' : ''}`, { ...values, nickname });
    }
    case 'notice_changed':
      return params['text']
        ? t('system.noticeChanged', { ...values, text: params['text'] })
        : t('system.noticeCleared', values);
    case 'group_dissolved':
      return t('system.groupDissolved', values);
    default:
      return undefined;
  }
}

function joinModeLine(
  mode: string | undefined,
  values: Record<string, unknown>,
  t: LineTexts['t'],
): string | undefined {
  switch (mode) {
    case 'open':
      return t('system.joinOpen', values);
    case 'approval':
      return t('system.joinApproval', values);
    case 'invite':
      return t('system.joinInvite', values);
    default:
      return undefined;
  }
}

function idsOf(params: SystemContent['params']): string[] {
  return (params['user_ids'] ?? '').split(',').filter((id) => id !== '');
}

function listOf(ids: readonly string[], { t, locale, whom }: LineTexts): string {
  const named = ids.slice(0, MAX_NAMED).map(whom);
  if (ids.length > named.length)
    return t('system.andOthers', { names: named.join(t('system.comma')), total: ids.length });
  return new Intl.ListFormat(locale).format(named);
}
