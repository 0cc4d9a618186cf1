import type { Client } from '@hongyan/sdk';
import { flushPromises } from '@vue/test-utils';
import { describe, expect, it, vi } from 'vitest';
import { createApp } from 'vue';
import { clientKey } from '../../../app/client.ts';
import { useComposing } from './use-composing.ts';

/** Composing in a chat whose draft is what was typed, with sends that are kept when the test says so. */
function chat(typed: string) {
  let keep: () => void = () => undefined;
  const settings = { draft: typed };
  const setDraft = vi.fn((_: string, text: string) => {
    settings.draft = text;
  });
  const send = vi.fn(() => ({ queued: new Promise<void>((done) => (keep = done)) }));
  const client = { messages: { send }, conversations: { get: () => ({ settings }), setDraft } };
  const app = createApp({});
  app.provide(clientKey, client as unknown as Client);
  const composing = app.runWithContext(() =>
    useComposing({
      conversationId: '9',
      rows: () => [],
      placeOf: () => undefined,
      run: () => Promise.resolve(true),
    }),
  );
  return { composing, settings, setDraft, send, keep: () => keep() };
}

describe('composing', () => {
  it('SE-2, CO-4: what is sent stays a draft until it is kept in the outbox', async () => {
    const { composing, send, setDraft, keep } = chat('hello');
    void composing.submit('hello');
    await flushPromises();
    expect(send).toHaveBeenCalledWith('9', { text: 'hello' }, undefined);
    expect(setDraft).not.toHaveBeenCalled();
    keep();
    await flushPromises();
    expect(setDraft).toHaveBeenCalledWith('9', '');
  });

  it('CO-4: what is typed meanwhile is a draft of its own', async () => {
    const { composing, settings, setDraft, keep } = chat('hello');
    void composing.submit('hello');
    settings.draft = 'and then';
    keep();
    await flushPromises();
    expect(setDraft).not.toHaveBeenCalled();
  });
});
