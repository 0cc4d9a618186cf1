import type { CodeTarget, ImError } from '@hongyan/sdk';
import type { ComposerTranslation } from 'vue-i18n';
import { codeTarget, digitsOf } from './code-target.ts';
import type { Checks, Problem } from './use-auth-form.ts';

const CODE_DIGITS = 6;

/** What is asked of the fields `target` and `code` before they are sent. */
export function codeChecks(
  fields: {
    readonly target: { readonly value: string };
    readonly code: { readonly value: string };
    readonly targets: { readonly value: readonly CodeTarget[] };
  },
  t: ComposerTranslation,
): Checks {
  return {
    target: () => {
      if (fields.target.value.trim() === '') return t('auth.required');
      const good = codeTarget(fields.target.value, fields.targets.value) !== undefined;
      return good ? undefined : t('auth.codeTargetInvalid');
    },
    code: () => {
      if (fields.code.value.trim() === '') return t('auth.required');
      return digitsOf(fields.code.value).length === CODE_DIGITS ? undefined : t('auth.codeRule');
    },
  };
}

/** Where a refusal that has to do with a code belongs. */
export function placeOfCode(error: ImError, t: ComposerTranslation): Problem | undefined {
  const text = t(`error.${error.code}`);
  if (error.code === 'code_invalid' || error.code === 'code_expired') return { field: 'code', text };
  const aboutTarget = error.field === 'target' || error.field === 'account';
  return aboutTarget ? { field: 'target', text: t('auth.codeTargetInvalid') } : undefined;
}
