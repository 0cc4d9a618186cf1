import type { AuthOptionsResponse } from '@hongyan/sdk';
import { computed, ref } from 'vue';
import { useI18n } from 'vue-i18n';
import { textLength } from '../../lib/keys/composer-keys.ts';
import type { Checks } from './use-auth-form.ts';

/** A new password that is typed twice, and what is asked of it before it is sent. */
export function useNewPassword(options: { readonly value: AuthOptionsResponse | undefined }) {
  const { t } = useI18n();
  const newOne = ref('');
  const repeated = ref('');
  const min = computed(() => options.value?.password_min_length ?? 0);

  const checks: Checks = {
    new_password: () => {
      if (newOne.value === '') return t('auth.required');
      return textLength(newOne.value) < min.value ? t('auth.passwordShort', { min: min.value }) : undefined;
    },
    repeated: () => (repeated.value === newOne.value ? undefined : t('auth.passwordMismatch')),
  };
  return { newOne, repeated, min, checks };
}
