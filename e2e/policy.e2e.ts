/** The browser runs the scripts that a page sent and no other, and the pages need no exception from that. */
import type { Page } from '@playwright/test'
import { screenedSubject } from './casework.ts'
import { expect, test } from './world.ts'

/** What the browser refused because of the page's policy, over all pages that follow. */
async function refusals(page: Page): Promise<string[]> {
  const refused: string[] = []
  await page.exposeFunction('noteRefusal', (what: string) => refused.push(what))
  await page.addInitScript(() => {
    const { noteRefusal } = window as unknown as { noteRefusal(what: string): void }
    document.addEventListener('securitypolicyviolation', (event) =>
      noteRefusal(`${location.pathname}: ${event.violatedDirective} ${event.blockedURI}`),
    )
  })
  return refused
}

test('every page says what it may do, keeps nothing in caches, and breaks none of it', async ({
  world,
  page,
}) => {
  const refused = await refusals(page)
  const subject = await screenedSubject(world)
  const monitor = await world.person('monitor')
  await monitor.open(page, world.path())
  for (const rest of [
    '',
    '/subjects',
    `/subjects/${subject.subjectKey}`,
    `/subjects/${subject.subjectKey}/SCR/F_VS`,
    '/adverse-events',
    '/queries',
    '/export',
    '/audit',
    '/definition',
  ]) {
    const answer = await page.goto(world.path(rest), { waitUntil: 'networkidle' })
    const headers = answer?.headers() ?? {}
    expect(headers['content-security-policy'], rest).toMatch(/script-src 'self' 'nonce-[^']{20,}';/)
    expect(headers['content-security-policy'], rest).toContain("frame-ancestors 'none'")
    expect(headers['cache-control'], rest).toContain('no-store')
    expect(headers['x-content-type-options'], rest).toBe('nosniff')
    expect(headers['x-frame-options'], rest).toBe('DENY')
    expect(headers['x-powered-by'], rest).toBeUndefined()
  }
  expect(refused).toEqual([])
})

test('a script that found its way into a page does not run', async ({ world, page }) => {
  const refused = await refusals(page)
  const monitor = await world.person('monitor')
  await monitor.open(page, world.path('/subjects'))
  await page.evaluate(() => {
    const hole = document.createElement('div')
    hole.innerHTML = '<img src="/nothing-here.png" onerror="document.title = \'taken over\'">'
    const script = document.createElement('script')
    script.textContent = "document.title = 'taken over'"
    document.body.append(hole, script)
  })
  await expect.poll(() => refused.length).toBeGreaterThanOrEqual(2)
  expect(refused.join()).toContain('script-src-elem inline')
  expect(refused.join()).toContain('script-src-attr inline')
  expect(await page.title()).not.toBe('taken over')
})
