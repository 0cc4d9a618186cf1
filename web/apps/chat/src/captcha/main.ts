import type { AuthOptionsResponse, CaptchaKind, CaptchaOptions } from '@hongyan/sdk';
import './page.css';
import type { CaptchaMessage } from './messages.ts';

/**
 * The page in which a provider's captcha stands. It has a content policy of its own, so that code of somebody else runs
 * in no page of ours; what is solved goes to the page around it as a message.
 */

/** As much as we use of what both providers call by the same names. */
interface Provider {
  render(element: HTMLElement, options: Readonly<Record<string, unknown>>): unknown;
}

declare global {
  interface Window {
    turnstile?: Provider;
    hcaptcha?: Provider;
    hongyanCaptchaLoaded?: () => void;
  }
}

/** Who has not got it by then gets it hardly later. */
const PATIENCE_MS = 20_000;
const WIDGET_PX = 80;
/** Of the pictures that hCaptcha may ask about. */
const CHALLENGE_PX = 600;

function tell(message: CaptchaMessage): void {
  window.parent.postMessage(message, location.origin);
}

const failed = () => tell({ captcha: 'failed' });
const shown = (height: number) => tell({ captcha: 'shown', height });

/** Light, dark, or by the system as providers put it. */
function theme(kind: CaptchaKind): string {
  const chosen = document.documentElement.dataset['theme'];
  if (chosen !== undefined) return chosen;
  if (kind === 'turnstile') return 'auto';
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}

function show({ kind, site_key: sitekey }: CaptchaOptions): void {
  const element = document.getElementById('widget');
  const provider = kind === 'turnstile' ? window.turnstile : window.hcaptcha;
  if (element === null || provider === undefined) return failed();
  provider.render(element, {
    sitekey,
    theme: theme(kind),
    language: document.documentElement.lang,
    callback: (token: string) => tell({ captcha: 'solved', token }),
    'expired-callback': () => tell({ captcha: 'expired' }),
    'chalexpired-callback': () => shown(WIDGET_PX),
    'error-callback': failed,
    'open-callback': () => shown(CHALLENGE_PX),
    'close-callback': () => shown(WIDGET_PX),
  });
  shown(WIDGET_PX);
}

async function start(): Promise<void> {
  const answer = await fetch('/v1/auth/options');
  const { captcha } = (await answer.json()) as AuthOptionsResponse;
  if (captcha === undefined) return failed();
  const late = setTimeout(failed, PATIENCE_MS);
  window.hongyanCaptchaLoaded = () => {
    clearTimeout(late);
    show(captcha);
  };
  const url = new URL(captcha.script_url);
  url.searchParams.set('render', 'explicit');
  url.searchParams.set('onload', 'hongyanCaptchaLoaded');
  url.searchParams.set('hl', document.documentElement.lang);
  const script = document.createElement('script');
  script.src = url.href;
  script.addEventListener('error', failed);
  document.head.append(script);
}

start().catch(failed);
