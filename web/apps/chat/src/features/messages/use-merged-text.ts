import type { MergedContent, MergedItem } from '@hongyan/sdk';
import { useI18n } from 'vue-i18n';
import { useNames } from '../../lib/names.ts';

/** What stands in messages that were sent on as one, in words. They may come from where the user never was. */
export function useMergedText() {
  const { t } = useI18n();
  const names = useNames();

  function titleOf({ title }: Pick<MergedContent, 'title'>): string {
    return title || t('message.merged.title');
  }

  function nameOf({ sender_id: sender }: MergedItem): string {
    return names.ofId(sender);
  }

  function textOf({ content }: MergedItem): string {
    if (content?.merged !== undefined) return t('list.merged', { title: titleOf(content.merged) });
    return content?.text?.text ?? t('list.unsupported');
  }

  return { titleOf, nameOf, textOf };
}
