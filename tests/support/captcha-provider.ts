import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SECRET = 'a secret & more';

/** What a provider's script does, as far as it is used: a button that is pressed by whoever is no program. */
const WIDGET = `window.turnstile = {
  render(element, options) {
    const button = document.createElement('button');
    button.textContent = 'no program: ' + options.sitekey;
    button.style.height = '65px';
    button.addEventListener('click', async () => {
      options.callback(await (await fetch(new URL('/solve', here))).text());
      button.disabled = true;
    });
    element.append(button);
  },
};
const here = document.currentScript.src;
window[new URL(here).searchParams.get('onload')]();
`;

/** A provider of captchas in the form of Turnstile. Owned by the test that started it, which ends it with `stop()`. */
export class CaptchaProvider {
  /** What servers have asked it. */
  readonly asked: URLSearchParams[] = [];
  /** Every answer is a failure. */
  broken = false;
  private readonly solved = new Set<string>();
  private readonly server: Server;
  private readonly folder = mkdtempSync(join(tmpdir(), 'hongyan-captcha-'));
  private count = 0;

  private constructor() {
    writeFileSync(join(this.folder, 'secret'), `${SECRET}\n`, { mode: 0o600 });
    this.server = createServer((request, response) => void this.answer(request, response));
  }

  static async start(): Promise<CaptchaProvider> {
    const provider = new CaptchaProvider();
    provider.server.listen(0, '127.0.0.1');
    await once(provider.server, 'listening');
    return provider;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Environment of a server that asks it. */
  get env(): Record<string, string> {
    return {
      HONGYAN_CAPTCHA_KIND: 'turnstile',
      HONGYAN_CAPTCHA_SITE_KEY: 'site key',
      HONGYAN_CAPTCHA_SECRET_FILE: join(this.folder, 'secret'),
      HONGYAN_CAPTCHA_VERIFY_URL: `${this.url}/siteverify`,
      HONGYAN_CAPTCHA_SCRIPT_URL: `${this.url}/api.js`,
      HONGYAN_EGRESS_ALLOW: '127.0.0.1',
      HONGYAN_EGRESS_ALLOW_HTTP: 'true',
    };
  }

  /** A token that it takes, once. */
  solve(): string {
    this.count += 1;
    const token = `solved + ${this.count}`;
    this.solved.add(token);
    return token;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
    rmSync(this.folder, { recursive: true });
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { pathname } = new URL(request.url ?? '/', this.url);
    response.setHeader('Access-Control-Allow-Origin', '*');
    if (this.broken) response.statusCode = 500;
    if (pathname === '/api.js') response.setHeader('Content-Type', 'text/javascript').end(WIDGET);
    else if (pathname === '/solve') response.end(this.solve());
    else response.end(JSON.stringify(this.verify(Buffer.concat(chunks).toString('utf8'))));
  }

  private verify(body: string): object {
    const form = new URLSearchParams(body);
    this.asked.push(form);
    const success = form.get('secret') === SECRET && this.solved.delete(form.get('response') ?? '');
    return { success, hostname: 'chat.example' };
  }
}
