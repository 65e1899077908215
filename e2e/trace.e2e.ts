/** From a number of a report to the history of a value, by keyboard; why a subject has a progression; a fall that lacks its form. */
import type { Page } from '@playwright/test'
import { address, daysAgo, entry, fill, followUp, randomisedSubject, shownDay } from './casework.ts'
import { Sheet } from './sheet.ts'
import { arrive, awake, expect, test } from './world.ts'

/** Presses Tab until the focus is on something of this kind. */
async function tabTo(page: Page, selector: string): Promise<void> {
  for (let presses = 0; presses < 80; presses += 1) {
    await page.keyboard.press('Tab')
    if ((await page.locator(`${selector}:focus`).count()) > 0) return
  }
  throw new Error(`Tab does not reach ${selector}`)
}

test('a statistician goes from a number of Table 3 to the history of a value without a mouse', async ({
  page,
}) => {
  await arrive(page, '/sign-in')
  await page.getByRole('button', { name: /^Statistician/ }).click()
  await expect(page).toHaveURL(/\/studies\/taccsa$/)
  await awake(page)
  await page.getByRole('link', { name: 'Reports', exact: true }).click()
  await page.getByRole('link', { name: 'Table 3: adverse events' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Table 3')

  // The numbers are in the tab order; arrows go along the row and down the column, and no further than the table.
  const focused = page.locator(':focus')
  await tabTo(page, 'article tbody [data-traced]')
  const first = await focused.getAttribute('aria-label')
  await page.keyboard.press('ArrowRight')
  await expect(focused).not.toHaveAttribute('aria-label', first ?? '')
  await page.keyboard.press('ArrowLeft')
  await expect(focused).toHaveAttribute('aria-label', first ?? '')
  await page.keyboard.press('ArrowDown')
  await expect(focused).not.toHaveAttribute('aria-label', first ?? '')
  await page.keyboard.press('ArrowUp')

  // Enter opens who is behind the number, Escape gives the focus back to it.
  await page.keyboard.press('Enter')
  const behind = page.getByRole('complementary')
  await expect(behind).toBeVisible()
  await expect(focused).toHaveAccessibleName(/^Values of /)
  await page.keyboard.press('Escape')
  await expect(behind).toHaveCount(0)
  await expect(focused).toHaveAttribute('aria-label', first ?? '')

  // The first subject opens to its values; the first of them leads to its item with the history beside it.
  await page.keyboard.press('Enter')
  await expect(focused).toHaveAccessibleName(/^Values of /)
  await page.keyboard.press('Enter')
  await expect(behind.locator('a[href*="?history#"]').first()).toBeVisible()
  await tabTo(page, 'aside a[href*="?history#"]')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/subjects\/.+\/F_\w+(-\d+)?\?history#/)
  const history = page.getByRole('complementary').getByRole('list')
  await expect(history.getByRole('listitem').first()).toBeVisible()
})

test('a fall of lung function asks for the progression form, and the page says why the subject has a progression', async ({
  world,
  page,
}) => {
  const randomisedOn = daysAgo(130)
  const subject = await randomisedSubject(world, { randomisedOn })
  const coordinator = await world.person('coordinator')
  const investigator = await world.person('investigator')
  const pft = subject.plan.after.find(
    ({ form, event, values }) => form === 'F_PFT' && event !== 'W0' && 'FVCPP' in values,
  )
  if (!pft) throw new Error('The plan has no lung function after week 0')
  await followUp(world, subject, ({ event, form }) => event === pft.event && form === 'F_SV')
  await fill(world, coordinator, subject, { ...pft, values: { ...pft.values, FVCPP: '40.0' } })

  // The save has raised the query at the value; the item says so.
  const asked = async () => {
    const { queries } = (await coordinator.ask(
      'form.entry',
      address(world, subject, pft.event, 'F_PFT'),
    )) as { queries: { path: string; state: string; text: string }[] }
    return queries.filter(({ text }) => text.includes('progression form')).map(({ state }) => state)
  }
  expect(await asked()).toEqual(['open'])
  await Sheet.open(world, investigator, page, subject.subjectKey, `${pft.event}/F_PFT`)
  await expect(new Sheet(page).item('FVCPP')).toContainText('no progression form was opened')

  // The endpoint is still free of events: a fall alone is none.
  const card = page.getByRole('article', { name: 'Progression-free survival' })
  const openEndpoints = async () => {
    await investigator.open(page, world.path(`/subjects/${subject.subjectKey}`))
    await page.getByRole('link', { name: 'Endpoints', exact: true }).click()
    await expect(page).toHaveURL(/\/endpoints$/)
    await expect(card).toBeVisible()
  }
  await openEndpoints()
  await expect(card).toContainText('Censored')
  await expect(card).toContainText('Not met')

  const onDay = String(pft.values.PFTDTC)
  await fill(world, coordinator, subject, {
    event: 'LOG',
    form: 'F_PROG',
    repeat: 'new',
    values: {
      PRGDTC: onDay,
      PRGSYS: 'ILD',
      PRGSYMP: 'Y',
      PRGOPAC: 'N',
      PRGTRT: 'Y',
      PRGRX: ['MP_PULSE'],
      PRGOUT: 'IMPROVED',
    },
  })
  expect(await asked()).toEqual(['closed'])

  await openEndpoints()
  await expect(card).toContainText(`Event on ${shownDay(onDay)}`)
  await expect(card).toContainText(`Met, ${shownDay(onDay)}`)
  await card.locator('summary', { hasText: 'ILD deterioration' }).first().press('Enter')
  const value = card.getByRole('link', { name: 'Symptomatic exacerbation' }).first()
  await expect(value).toBeVisible()
  await value.click()
  await expect(page).toHaveURL(/\/LOG\/F_PROG\?history#PRGSYMP$/)
  const history = page.getByRole('complementary').getByRole('list')
  await expect(history.getByRole('listitem').first()).toBeVisible()
  const record = await entry(world, investigator, subject.subjectId, 'LOG', 'F_PROG')
  expect(record.evaluation.derived).toMatchObject({ PRGFVC: 'Y', PRGILD: 'Y', PRGFL: 'Y' })
})
