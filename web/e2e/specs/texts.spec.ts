import { befriend, expect, type Person, test } from '../fixtures/index.ts';
import { twoFrames } from '../fixtures/history.ts';
import { directOf, groupOf, idOf, say } from '../fixtures/past-screen.ts';

/** What people and programs write into a box, and would break a page that takes it for anything but text. */
const TEXTS: Readonly<Record<string, string>> = {
  markup: '<img src=x onerror="document.title=1"><script>document.title=2</script><b>fett</b> &amp; &lt;',
  'a link that is none': 'javascript:alert(1) <a href="javascript:alert(1)">hier</a>',
  'words that turn the writing round': 'abc \u202Edef ghi\u202C jkl \u2067\u05D0\u05D1\u05D2\u2069 \u061Cend',
  'writing from right to left': 'مرحبا بالعالم، كيف حالك؟ שלום עולם',
  'what takes no room': 'zero\u200Bwidth\u200Cjoin\u200D\uFEFFer\u2060s \u00AD\u00AD\u00AD',
  'marks on marks': 'Z̴̡̢͖͓͎̗̱̦̲̣̜̪̔͋̀͐̏̅̈́̾̃͘͝͝ͅa̷̧̛̫̱̯̬͖̼̓̀̎̈́͆̀̈́͒̕͝l̸̢̨̢̛̰̝̤͓̻̯̱̐̐̽̇̊͗́͘͝g̴̨̧̛̛̬̱̺̞̠̱̀̏̓͂̾̎̓͒̚͠o̵̢̡̜̮̞͎̘͓̅̄̈́͋̀̄̋̀̈́͘͜͝',
  'emojis made of several': '👨‍👩‍👧‍👦 🏳️‍🌈 👍🏽 🇨🇳 1️⃣ 🧑🏿‍🚀',
  'one word without an end': 'Donaudampfschifffahrtsgesellschaft'.repeat(20),
  'an address without an end': `https://example.org/${'path/'.repeat(80)}?${'q=1&'.repeat(60)}`,
  'lines that are empty': 'one\n\n\n\n\ntwo',
  'one line of code without an end': '`' + 'x'.repeat(400) + '`',
  '10,000 characters': '长文。'.repeat(3_333) + '完',
};

/** Those the server lets through: not what turns the writing round. */
const NAMES: Readonly<Record<string, string>> = {
  markup: '<b>Bob</b><script>1</script>',
  long: 'Wolfeschlegelsteinhausenbergerdo',
  turned: 'مرحبا بالعالم',
  marks: 'Z̴̡̢͖͓̔͋̀͐a̷̧̛̫̱̓̀̎l̸̢̨̛̰̐̐g̴̨̬̀̏o̵̢̡',
};

const WIDTHS = [1280, 320] as const;

test('SH-3, ML-1, ML-29: whatever is written is shown as text, and nothing sticks out sideways', async ({
  person,
}) => {
  const [alice, bob] = await two(person);
  const id = await directOf(alice, bob);
  for (const text of Object.values(TEXTS)) await say(bob, id, text);
  await alice.openTab(`/c/${id}`);
  await expect(alice.messages.last()).toBeVisible();
  for (const width of WIDTHS) {
    await alice.page.setViewportSize({ width, height: 800 });
    for (const [kind, text] of Object.entries(TEXTS)) {
      const row = alice.messages
        .filter({ has: alice.page.locator('.bubble') })
        .filter({ hasText: start(text) });
      await reach(alice, row);
      expect(plain((await row.first().locator('.text').textContent()) ?? ''), kind).toContain(start(text));
      await expectToFit(alice, `${kind} at ${width} px`);
    }
    await alice.page.screenshot({ path: `screenshots/texts-${width}.png` });
  }
  await expect(alice.page.locator('[role=feed] :is(b, img[src=x], script)')).toHaveCount(0);
  await expect(alice.page.locator('a[href^="javascript:"]')).toHaveCount(0);
  await expect(alice.page).toHaveTitle('鸿雁');
});

test('SH-3, CL-1: whatever people and groups are called fits where their names stand', async ({ person }) => {
  const [alice, bob] = await two(person);
  const bobId = await idOf(bob);
  await bob.api('PATCH', '/v1/users/me', { nickname: NAMES['turned'] });
  await alice.api('PATCH', `/v1/contacts/${bobId}`, { remark: NAMES['long'] });
  const groups: string[] = [];
  for (const name of Object.values(NAMES)) {
    const group = await groupOf(alice, name, [bob]);
    await say(bob, group, `this is ${name}`);
    groups.push(group);
  }
  const direct = await directOf(alice, bob);
  await say(bob, direct, 'hi');
  const places = ['/', `/c/${direct}`, `/u/${bobId}`, ...groups.map((group) => `/c/${group}?info=info`)];
  for (const [index, place] of places.entries()) {
    await alice.page.setViewportSize({ width: WIDTHS[0], height: 800 });
    await alice.openTab(place);
    await expect(alice.page.getByRole('navigation').first()).toBeVisible({ timeout: 45_000 });
    await expect(alice.banner).toBeEmpty();
    for (const width of WIDTHS) {
      await alice.page.setViewportSize({ width, height: 800 });
      await expect(alice.page.locator('h1, h2').first()).toBeAttached();
      await expectToFit(alice, `${place} at ${width} px`);
      await alice.page.screenshot({ path: `screenshots/names-${index}-${width}.png` });
    }
  }
  await expect(alice.page.locator('#app :is(b, script)')).toHaveCount(0);
});

async function two(person: (name: string) => Promise<Person>): Promise<[Person, Person]> {
  const [alice, bob] = [await person('alice'), await person('bob')];
  await alice.register();
  await bob.signUp();
  await befriend(alice, bob);
  return [alice, bob];
}

/** Its beginning, without what marks code. */
function start(text: string): string {
  return plain(text).slice(0, 12);
}

function plain(text: string): string {
  return text.replaceAll('`', '').replaceAll('\n', ' ').replaceAll(/ +/g, ' ');
}

/** Scrolls up until a message is painted. */
async function reach(who: Person, row: ReturnType<Person['message']>): Promise<void> {
  const feed = who.page.getByRole('feed');
  await feed.evaluate((element) => element.scrollTo(0, element.scrollHeight));
  // What comes into view, or leaves it, does so in a frame.
  await twoFrames(who);
  for (let step = 0; step < 60 && (await row.count()) === 0; step += 1) {
    await feed.evaluate((element) => element.scrollBy(0, -400));
    await twoFrames(who);
  }
  await expect(row.first()).toBeAttached();
}

/** Neither the page nor anything in it that can be seen reaches beyond its edges. */
async function expectToFit(who: Person, what: string): Promise<void> {
  // A page that has become another width lays itself out anew in a frame.
  await twoFrames(who);
  const out = await who.page.evaluate(() => {
    const wide = document.documentElement.scrollWidth - window.innerWidth;
    const beyond = [
      ...document.querySelectorAll('#app :is(.bubble, .name, .title, h1, h2, .preview, dd, button)'),
    ]
      .filter((element) => element.checkVisibility())
      .map((element) => ({ element, box: element.getBoundingClientRect() }))
      .filter(({ box }) => box.width > 0 && (box.right > window.innerWidth + 1 || box.left < -1))
      .map(({ element }) => `${element.tagName}.${element.className}: ${element.textContent.slice(0, 30)}`);
    return [...(wide > 0 ? [`the page, by ${wide} px`] : []), ...beyond];
  });
  expect(out, what).toEqual([]);
}
