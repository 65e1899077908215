/** On the demo study: what a reader chooses for a run stands in the address and in the footer, and is one step from undone. */
import { arrive, awake, expect, test } from './world.ts'

test.beforeEach(async ({ page }) => {
  await arrive(page, '/sign-in')
  await page.getByRole('button', { name: /^Statistician/ }).click()
  await expect(page).toHaveURL(/\/studies\/taccsa$/)
  await awake(page)
  await page.getByRole('link', { name: 'Reports', exact: true }).click()
  await page.getByRole('link', { name: 'Figure 2A: progression-free survival' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Figure 2A')
})

test('another population and a cut-off are chosen by keyboard, and undone', async ({ page }) => {
  const report = page.getByRole('article')
  const sizes = () =>
    report.getByRole('row').filter({ has: page.getByRole('rowheader', { name: /^PSL/ }) })
  await expect(sizes()).toContainText([/30/, /28/])
  await expect(page.getByRole('link', { name: 'As defined' })).toHaveCount(0)

  const cutOff = page.getByRole('textbox', { name: 'Clinical cut-off' })
  await cutOff.focus()
  await page.keyboard.type('2016-06-30')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\?cutOff=2016-06-30$/)
  await expect(sizes()).toContainText([/14.*92 %/, /15.*83 %/])
  await expect(report.locator('footer')).toContainText('Clinical cut-off 2016-06-30')

  await page
    .getByRole('combobox', { name: 'Population' })
    .selectOption({ label: 'Per protocol (PFT)' })
  await page.getByRole('button', { name: 'Show' }).press('Enter')
  await expect(page).toHaveURL(/population=PP&cutOff=2016-06-30$/)
  await expect(report.locator('footer')).toContainText('Per protocol (PFT)')

  await page.goBack()
  await expect(page).toHaveURL(/\?cutOff=2016-06-30$/)
  await expect(page.getByRole('combobox', { name: 'Population' })).toHaveValue('')
  await expect(sizes()).toContainText([/14/, /15/])

  await page.getByRole('link', { name: 'As defined' }).click()
  await expect(page).toHaveURL(/\/reports\/r3_pfs$/)
  await expect(sizes()).toContainText([/30/, /28/])
  await expect(cutOff).toHaveValue('')
  await expect(report.locator('footer')).not.toContainText('cut-off')
})

test('an address that names something unknown says what, and the bar puts it right', async ({
  page,
}) => {
  await arrive(page, '/studies/taccsa/reports/r3_pfs?population=NOBODY')
  await expect(page.getByText('This study has no population NOBODY.')).toBeVisible()
  await awake(page)
  await page.getByRole('link', { name: 'As defined' }).click()
  await expect(page.getByRole('article')).toContainText('Engine')
})

test('only choices that can change the report are shown; another population may bring its own', async ({
  page,
}) => {
  const choice = (name: string) => page.getByRole('combobox', { name, exact: true })
  await expect(choice('Time zero')).toBeVisible()
  await expect(choice('Fall of %FVC')).toBeVisible()

  await page.getByRole('link', { name: 'Reports', exact: true }).first().click()
  await page.getByRole('link', { name: 'Table 1: baseline characteristics' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Table 1')
  await expect(choice('Population')).toBeVisible()
  await expect(choice('Time zero')).toHaveCount(0)
  await expect(choice('Fall of %FVC')).toHaveCount(0)

  await choice('Population').selectOption({ label: 'Per protocol (PFT)' })
  await expect(choice('Fall of %FVC')).toBeVisible()
})

test('a subgroup that the paper names narrows the curves to its figure', async ({ page }) => {
  const report = page.getByRole('article')
  await page.getByRole('combobox', { name: 'Subgroup' }).selectOption({ value: 'MDA5GRP.POS' })
  await page.getByRole('button', { name: 'Show' }).press('Enter')
  await expect(page).toHaveURL(/\?subgroup=MDA5GRP\.POS$/)
  const sizes = report
    .getByRole('row')
    .filter({ has: page.getByRole('rowheader', { name: /^PSL/ }) })
  await expect(sizes).toContainText([/8.*63 %/, /10.*40 %/])
  await expect(report.locator('footer')).toContainText('Anti-MDA5: Positive')
})
