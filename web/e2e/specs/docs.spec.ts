import { expect, test } from '../fixtures/index.ts';

interface Paths {
  readonly paths: Record<string, Record<string, { operationId: string }>>;
}

test('the API reference shows every operation, and asks the server that serves it', async ({
  person,
  site,
}) => {
  const reader = await person('reader');
  const { page } = reader;
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.goto('/docs');
  const described = (await (await fetch(`${site}/openapi.json`)).json()) as Paths;
  const names = Object.values(described.paths).flatMap((verbs) =>
    Object.values(verbs).map((operation) => operation.operationId),
  );
  await expect(page.locator('.opblock')).toHaveCount(names.length);
  for (const name of names) await expect(page.getByText(name, { exact: true })).toBeVisible();

  const options = page.locator('.opblock', { hasText: 'auth.options' });
  await options.locator('.opblock-summary-control').click();
  await options.getByRole('button', { name: 'Try it out' }).click();
  await options.getByRole('button', { name: 'Execute' }).click();
  await expect(options.getByText('"registration": "open"').first()).toBeVisible();
  expect(asked.filter((url) => !url.startsWith(site) && !url.startsWith('data:'))).toEqual([]);
});
