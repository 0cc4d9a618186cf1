import { afterEach, expect, it } from 'vitest';
import { focusLandmark } from './landmarks.ts';

afterEach(() => document.body.replaceChildren());

/** A page of a rail, a list with a part of its own, and a main part with a drawer. */
function page(): HTMLElement {
  const shell = document.createElement('div');
  const made = (tag: string, id: string, inside: HTMLElement) => {
    const element = document.createElement(tag);
    element.id = id;
    inside.append(element);
    return element;
  };
  made('nav', 'rail', shell);
  const list = made('aside', 'list', shell);
  made('nav', 'entries', list);
  made('button', 'row', list);
  const main = made('main', 'main', shell);
  made('section', 'drawer', main).setAttribute('aria-label', 'Info');
  document.body.append(shell);
  return shell;
}

it('KEY-10, AX-1: goes from one large part to the next, and round', () => {
  const shell = page();
  const visited = (step: 1 | -1, times: number) =>
    Array.from({ length: times }, () => {
      focusLandmark(shell, step);
      return document.activeElement?.id;
    });
  expect(visited(1, 5)).toEqual(['rail', 'list', 'main', 'drawer', 'rail']);
  expect(visited(-1, 2)).toEqual(['drawer', 'main']);
  document.getElementById('row')?.focus();
  expect(visited(1, 1)).toEqual(['main']);
});
