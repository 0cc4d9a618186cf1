import { asImError, type ErrorCode, type ImError } from '@hongyan/sdk';
import { computed, nextTick, onScopeDispose, reactive, type Ref, ref } from 'vue';
import { useI18n } from 'vue-i18n';

/** What went wrong at a field or in the form as a whole. */
export interface Problem {
  /** The field it belongs to; none for the whole form. */
  readonly field?: string;
  readonly text: string;
}

/** Checks of the form before anything is sent: the problem of each field, undefined when it is fine. */
export type Checks = Readonly<Record<string, () => string | undefined>>;

export interface AuthForm {
  /** Problem texts by field. */
  readonly problems: Record<string, string | undefined>;
  /** Of the form as a whole, for an alert. */
  readonly alert: Readonly<{ value: string | undefined }>;
  readonly busy: Readonly<{ value: boolean }>;
  /** Seconds until the server allows another attempt; 0 when it does. */
  readonly waitSeconds: Readonly<{ value: number }>;
  /** Checks, sends, shows what went wrong. A second call while one runs does nothing. */
  submit(): Promise<void>;
  /** The same of these fields only, for something else than sending the form. */
  attempt(fields: readonly string[], send: () => Promise<void>): Promise<void>;
  /** Puts a problem at a field, and the focus into it. */
  show(field: string, text: string): Promise<void>;
  /** A field was edited: its problem is no longer true. */
  edited(field: string): void;
}

/**
 * The behaviour all account forms share: field errors with the focus on the first, one request at a time, limits
 * with a countdown, an unreachable server told apart from a refusal.
 */
export function useAuthForm(options: {
  /** Prefix of the ids of the inputs: `<prefix>-<field>`. */
  readonly prefix: string;
  readonly checks: Checks;
  readonly send: () => Promise<void>;
  /** Where the server's refusal belongs, when the form knows better than `field` of the error. */
  readonly place?: (error: ImError) => Problem | undefined;
}): AuthForm {
  const { t } = useI18n();
  const problems = reactive<Record<string, string | undefined>>({});
  const formProblem = ref<string>();
  const throttle = ref<{ code: ErrorCode; untilMs: number }>();
  const busy = ref(false);
  const { waitSeconds, waitUntil } = useCountdown();

  const alert = computed(() => {
    if (throttle.value !== undefined && waitSeconds.value > 0) {
      const key = throttle.value.code === 'locked' ? 'auth.locked' : 'auth.throttled';
      return t(key, { seconds: waitSeconds.value });
    }
    return formProblem.value;
  });

  async function show(field: string, text: string): Promise<void> {
    problems[field] = text;
    await nextTick();
    document.getElementById(`${options.prefix}-${field}`)?.focus();
  }

  async function refused(error: ImError): Promise<void> {
    const own = options.place?.(error);
    if (error.kind === 'rate' && own === undefined) {
      const waitMs = error.retryAfterMs ?? 5_000;
      throttle.value = { code: error.code, untilMs: Date.now() + waitMs };
      waitUntil(throttle.value.untilMs);
      return;
    }
    if (error.kind === 'network') {
      formProblem.value = t('auth.unreachable');
      return;
    }
    const placed = own ?? {
      ...(error.field === undefined ? {} : { field: error.field }),
      text: t(`error.${error.code}`),
    };
    if (placed.field !== undefined && placed.field in options.checks) await show(placed.field, placed.text);
    else formProblem.value = placed.text;
  }

  async function attempt(fields: readonly string[], send: () => Promise<void>): Promise<void> {
    if (busy.value || waitSeconds.value > 0) return;
    formProblem.value = undefined;
    for (const field of fields) problems[field] = options.checks[field]?.();
    const first = fields.find((field) => problems[field] !== undefined);
    if (first !== undefined) {
      await show(first, problems[first] ?? '');
      return;
    }
    busy.value = true;
    try {
      await send();
    } catch (thrown) {
      await refused(asImError(thrown));
    } finally {
      busy.value = false;
    }
  }

  const submit = (): Promise<void> => attempt(Object.keys(options.checks), options.send);

  const edited = (field: string): void => {
    problems[field] = undefined;
  };

  return { problems, alert, busy, waitSeconds, submit, attempt, show, edited };
}

/** Whole seconds until a time, going down to 0. */
export function useCountdown(): { waitSeconds: Readonly<Ref<number>>; waitUntil: (ms: number) => void } {
  const waitSeconds = ref(0);
  let untilMs = 0;
  let timer: ReturnType<typeof setInterval> | undefined;
  const tick = () => {
    waitSeconds.value = Math.max(0, Math.ceil((untilMs - Date.now()) / 1000));
    if (waitSeconds.value === 0) clearInterval(timer);
  };
  onScopeDispose(() => clearInterval(timer));
  const waitUntil = (ms: number) => {
    untilMs = ms;
    clearInterval(timer);
    timer = setInterval(tick, 250);
    tick();
  };
  return { waitSeconds, waitUntil };
}
