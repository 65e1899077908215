/** A data manager looks how the study is going and goes from a number to the list behind it; a monitor of one site counts that site alone. */
import type { Page } from '@playwright/test'
import { daysAgo, fill, followUp, newKey, randomisedSubject, screenedSubject } from './casework.ts'
import { awake, expect, test, type World } from './world.ts'

const card = (page: Page, name: string) =>
  page.getByRole('article').filter({ has: page.getByRole('heading', { name, exact: true }) })

/** Two subjects at the first site, one with a visit overdue; one with a serious event and a query at the other. */
async function twoSites(world: World) {
  const late = await randomisedSubject(world, { randomisedOn: daysAgo(60) })
  const screened = await screenedSubject(world, { without: ['F_IE'] })
  const other = await randomisedSubject(world, { site: 'other', randomisedOn: daysAgo(40) })
  await followUp(world, other, (form) => form.event === 'W4', false)
  await fill(world, await world.person('coordinator-other-site'), other, {
    event: 'LOG',
    form: 'F_AE',
    repeat: 'new',
    values: { AEYN: 'Y', AETERM: 'Pneumonia', AETOXGR: '3', AESER: 'Y' },
  })
  const monitor = await world.person('monitor')
  await monitor.act('query.raise', {
    studyId: world.studyId,
    recordId: other.records.get('W4/F_VS') as string,
    path: 'WEIGHT',
    text: 'Please check against the source.',
    key: newKey(),
  })
  return { late, screened, other }
}

test('a data manager goes from the cards to a picture, its table and the list behind a number', async ({
  world,
  page,
}) => {
  const { late } = await twoSites(world)
  const manager = await world.person('data-manager')
  await manager.open(page, world.path())
  await page.getByRole('link', { name: 'Dashboards', exact: true }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Dashboards')
  await expect(page.getByText('All subjects of the study, at 2 sites')).toBeVisible()

  await expect(card(page, 'Recruitment')).toContainText('of 50 planned randomised')
  await expect(card(page, 'Recruitment')).toContainText('3 screened, 0 screen failures')
  await expect(card(page, 'Visits due')).toContainText('3visits overdue in 2 subjects')
  await expect(card(page, 'Safety')).toContainText('1adverse event in 1 subject')
  await expect(card(page, 'Query ageing').getByRole('img')).toBeVisible()
  await expect(card(page, 'Completeness').getByRole('img')).toBeVisible()
  // Only who runs reports has curves.
  await expect(card(page, 'Survival')).toHaveCount(0)

  await card(page, 'Visits due').getByRole('link', { name: 'Visits due' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Visits due')
  await expect(page.getByRole('img', { name: 'Visits due by visit' })).toBeVisible()
  const bySite = page.getByRole('table', { name: 'By site', exact: true })
  const row = bySite.getByRole('row').filter({ hasText: '03 Shizuoka General Hospital' })
  await row.getByRole('link', { name: '1', exact: true }).click()
  await expect(page).toHaveURL(/\/subjects\?site=.*&overdue=1/)
  await expect(page.getByRole('grid').getByRole('rowheader')).toHaveText([late.subjectKey, 'Total'])
})

test('the choice of sites stays in the address, goes along to other dashboards, and counts those alone', async ({
  world,
  page,
}) => {
  await twoSites(world)
  const manager = await world.person('data-manager')
  await manager.open(page, world.path('/dashboards/safety'))
  await expect(page.getByText('adverse event in 1 subject')).toBeVisible()

  await page.getByRole('button', { name: /^Sites: All 2 sites/ }).click()
  await page.getByRole('menuitemcheckbox', { name: /^03/ }).click()
  await expect(page).toHaveURL(new RegExp(`site=${world.sites.own.siteId}$`))
  await expect(page.getByText('Only 03 Shizuoka General Hospital')).toBeVisible()
  await expect(page.getByText('No adverse event has been recorded.')).toBeVisible()
  await page.keyboard.press('Escape')

  await page.getByRole('link', { name: 'Recruitment', exact: true }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Recruitment')
  await expect(page.getByText('2 screened, 0 screen failures')).toBeVisible()
  await expect(page.getByText(/04 Hospital at the Other River/)).toHaveCount(0)
})

test('the numbers are counted again on request', async ({ world, page }) => {
  await screenedSubject(world, { without: ['F_IE'] })
  const manager = await world.person('data-manager')
  await manager.open(page, world.path('/dashboards/recruitment'))
  await expect(page.getByText('1 screened, 0 screen failures')).toBeVisible()
  await screenedSubject(world, { without: ['F_IE'] })
  await page.getByRole('button', { name: 'Refresh' }).click()
  await expect(page.getByText('2 screened, 0 screen failures')).toBeVisible()
})

test('a monitor of one site counts that site alone and is told so', async ({ world, page }) => {
  await twoSites(world)
  const monitor = await world.person('monitor-one-site')
  await monitor.open(page, world.path('/dashboards'))
  await expect(
    page.getByText('Only the sites you work at: 03 Shizuoka General Hospital'),
  ).toBeVisible()
  await expect(card(page, 'Recruitment')).toContainText('2 screened')
  await expect(card(page, 'Safety')).toContainText('No adverse event has been recorded.')
  await expect(card(page, 'Query ageing')).toContainText('Every query is closed.')
  for (const place of ['', '/recruitment', '/visits', '/completeness', '/queries', '/safety']) {
    for (const wish of ['', `?site=${world.sites.other.siteId}`, '?site=nothing%27--']) {
      await page.goto(world.path(`/dashboards${place}${wish}`))
      await awake(page)
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
      await expect(page.locator('body')).not.toContainText(/Other River|04-0/)
    }
  }
  const asked = await monitor.attempt('ask', 'dashboard.safety', {
    studyId: world.studyId,
    siteIds: [world.sites.other.siteId],
  })
  expect(asked.code).toBe('not-found')
})

test('a statistician has the survival of the whole, and who reads nothing has no dashboards', async ({
  world,
  page,
}) => {
  await randomisedSubject(world, { randomisedOn: daysAgo(60) })
  const statistician = await world.person('statistician')
  await statistician.open(page, world.path('/dashboards/survival'))
  await expect(page.getByRole('img', { name: 'Progression-free survival' })).toBeVisible()
  await page.getByRole('link', { name: 'Overall survival', exact: true }).click()
  await expect(page).toHaveURL(/endpoint=OS/)
  await expect(page.getByRole('img', { name: 'Overall survival' })).toBeVisible()

  const reader = await world.person('image-reader')
  await reader.open(page, world.path('/dashboards'))
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('No dashboard for this role')
})
