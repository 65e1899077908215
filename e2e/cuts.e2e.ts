/** A data cut from the checklist to its proof: the data move on, the live report with them, and the cut stands. */
import type { Locator, Page } from '@playwright/test'
import type { SaveResult } from '#domain/casebook/views.ts'
import { address, entry, newKey, randomisedSubject, screenedSubject } from './casework.ts'
import { expect, test } from './world.ts'

const table = 'Table 1: baseline characteristics'

async function fvcOf(page: Page): Promise<string> {
  const report = page.getByRole('article')
  const row: Locator = report
    .locator('tbody tr')
    .filter({ has: page.getByRole('rowheader', { name: /^%FVC/ }) })
  await expect(row).toHaveCount(1)
  return (await row.getByRole('cell').allTextContents()).join(' | ')
}

test('a statistician takes a cut; the live report moves and the cut does not, and proves it', async ({
  world,
  page,
}) => {
  const subject = await randomisedSubject(world)
  await screenedSubject(world, { without: ['F_VS', 'F_IE'] })
  const statistician = await world.person('statistician')

  // The checklist first: what is open now, and how many.
  await statistician.open(page, world.path('/reports'))
  await page.getByRole('link', { name: 'Data cuts', exact: true }).first().click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Data cuts')
  await expect(page.getByText('No cut has been taken')).toBeVisible()
  await page.getByRole('link', { name: 'Take a cut' }).click()
  const checklist = page.getByRole('table', { name: 'Cleaning checklist' })
  const missing = checklist
    .locator('tr')
    .filter({ has: page.getByRole('rowheader', { name: /^Required forms not begun/ }) })
  const open = Number(await missing.getByRole('cell').first().textContent())
  expect(open).toBeGreaterThan(0)

  // A cut may be taken with open lines; they are kept with it.
  await page.getByRole('textbox', { name: /^Name/ }).fill('Interim 1')
  await page
    .getByRole('textbox', { name: /^Reason/ })
    .fill('Half of the planned subjects are allocated')
  await page.getByRole('button', { name: 'Take a cut' }).click()
  await expect(page).toHaveURL(/\/cuts\/1$/)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Interim 1')
  await expect(page.getByText('Half of the planned subjects are allocated')).toBeVisible()
  const kept = page.getByRole('table', { name: 'Cleaning checklist' })
  await expect(
    kept
      .locator('tr')
      .filter({ has: page.getByRole('rowheader', { name: /^Required forms not begun/ }) })
      .getByRole('cell')
      .first(),
  ).toHaveText(String(open))

  await page.getByRole('link', { name: table }).click()
  await expect(page.getByText('Data cut 1: Interim 1')).toBeVisible()
  const atCut = await fvcOf(page)
  expect(atCut).toMatch(/\d/)

  // The coordinator corrects a value of the baseline.
  const coordinator = await world.person('coordinator')
  const { record } = await entry(world, coordinator, subject.subjectId, 'SCR', 'F_PFT')
  if ((record as { state?: string }).state === 'complete') {
    await coordinator.act('form.reopen', {
      studyId: world.studyId,
      recordId: record.recordId,
      reason: 'Source read again',
      key: newKey(),
    })
  }
  const before = record.data.FVCPP as string
  const after = (Number(before) - 3.5).toFixed(1)
  const saved = await coordinator.act<SaveResult>('form.save', {
    ...address(world, subject, 'SCR', 'F_PFT'),
    changes: [{ path: 'FVCPP', from: before, to: after, reason: 'Source read again' }],
    key: newKey(),
  })
  expect([saved.refused, saved.conflicts]).toEqual([[], []])

  await statistician.open(page, world.path('/reports'))
  await page.getByRole('link', { name: table }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(table)
  await expect(page.getByText('Data cut 1')).toHaveCount(0)
  expect(await fvcOf(page)).not.toBe(atCut)

  await page.getByRole('link', { name: 'Data cuts', exact: true }).first().click()
  await page.getByRole('link', { name: 'Interim 1' }).click()
  await page.getByRole('button', { name: 'Verify' }).click()
  await expect(page.getByText(/^Identical to the day of the cut/)).toBeVisible()
  await page.getByRole('link', { name: table }).click()
  await expect(page.getByText('Data cut 1: Interim 1')).toBeVisible()
  expect(await fvcOf(page)).toBe(atCut)
})

test('a line of the checklist leads to what it counts, and from there to where it is put right', async ({
  world,
  page,
}) => {
  test.setTimeout(120_000)
  await randomisedSubject(world)
  const { subjectKey } = await screenedSubject(world, { without: ['F_VS', 'F_IE'] })
  const manager = await world.person('data-manager')
  await manager.open(page, world.path('/cuts/new'))
  const checklist = page.getByRole('table', { name: 'Cleaning checklist' })
  const open = checklist.locator('tbody tr:not([data-open="0"])')
  expect(await open.count()).toBeGreaterThan(1)
  for (const row of await open.all()) {
    await expect(row.getByRole('link', { name: /^Open the list/ })).toBeVisible()
  }
  const missing = checklist
    .locator('tr')
    .filter({ has: page.getByRole('rowheader', { name: /^Required forms not begun/ }) })
  const count = Number(await missing.getByRole('cell').first().textContent())
  await missing.getByRole('link', { name: /^Open the list/ }).click()
  await expect(page).toHaveURL(/\/cuts\/open\/formsMissing$/)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Required forms not begun')
  const rows = page.getByRole('table').locator('tbody tr')
  await expect(rows).toHaveCount(count)
  const vital = rows.filter({ hasText: subjectKey }).filter({ hasText: /vital signs/i })
  await vital.getByRole('link', { name: subjectKey }).click()
  await expect(page).toHaveURL(new RegExp(`/subjects/${subjectKey}/[A-Z0-9]+/F_VS$`))
})

test('a cut of a population and a subgroup says so wherever it is read', async ({
  world,
  page,
}) => {
  test.setTimeout(120_000)
  await randomisedSubject(world)
  const statistician = await world.person('statistician')
  await statistician.open(page, world.path('/cuts/new'))
  await page.getByRole('textbox', { name: /^Name/ }).fill('Women per protocol')
  await page
    .getByRole('combobox', { name: 'Population' })
    .selectOption({ label: 'Per protocol (PFT)' })
  await page.getByRole('combobox', { name: 'Subgroup' }).selectOption({ label: 'Female' })
  await page.getByRole('textbox', { name: 'Clinical cut-off' }).fill('2026-10-31')
  await page.getByRole('textbox', { name: /^Reason/ }).fill('Asked for by the board')
  await page.getByRole('button', { name: 'Take a cut' }).click()
  await expect(page).toHaveURL(/\/cuts\/1$/)
  const said = ['Per protocol (PFT)', 'Sex: Female', '2026-10-31']
  const facts = page.getByRole('region', { name: 'What it fixes' })
  for (const text of said) await expect(facts).toContainText(text)
  await page.getByRole('link', { name: table }).click()
  await expect(page.getByText('Data cut 1: Women per protocol')).toBeVisible()
  const footer = page.getByRole('article').locator('footer')
  for (const text of said) await expect(footer).toContainText(text)
  await page.getByRole('link', { name: 'Data cuts', exact: true }).first().click()
  const row = page.getByRole('row').filter({ hasText: 'Women per protocol' })
  for (const text of said) await expect(row).toContainText(text)
})

test('the safety board meets only the cut that was made for it, and no live report', async ({
  world,
  page,
}) => {
  await randomisedSubject(world)
  const manager = await world.person('data-manager')
  const asked = { studyId: world.studyId, reason: 'For the board', parameters: {} }
  await manager.act('cut.take', {
    ...asked,
    name: 'Internal look',
    purpose: 'interim',
    arms: 'shown',
    key: newKey(),
  })
  await manager.act('cut.take', {
    ...asked,
    name: 'Board 1',
    purpose: 'dsmb',
    arms: 'masked',
    key: newKey(),
  })
  const member = await world.person('dsmb-member')
  await member.open(page, world.path('/cuts'))
  await expect(page.getByRole('link', { name: 'Board 1' })).toBeVisible()
  await expect(page.getByText('Internal look')).toHaveCount(0)
  await expect(page.getByRole('link', { name: 'Reports', exact: true })).toHaveCount(0)
  await page.getByRole('link', { name: 'Board 1' }).click()
  await page.getByRole('link', { name: table }).click()
  await expect(page.getByText('Data cut 2: Board 1')).toBeVisible()
  await expect(page.getByRole('article')).not.toContainText(/tacrolimus|ciclosporin/i)
  expect((await member.attempt('ask', 'report.list', { studyId: world.studyId })).code).toBe(
    'not-allowed',
  )
  const other = { studyId: world.studyId, number: 1, report: 'R2_BASELINE' }
  expect((await member.attempt('ask', 'cut.report', other)).code).toBe('not-found')
})
