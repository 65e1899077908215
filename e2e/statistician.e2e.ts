/** On the demo study: the figures of the published trial come out of data that were entered through the system. */
import { readFile } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import { csvRows } from './export-files.ts'
import { expect, test } from './world.ts'

test.beforeEach(async ({ page }) => {
  await page.goto('/sign-in')
  await page.getByRole('button', { name: /^Statistician/ }).click()
  await expect(page).toHaveURL(/\/studies\/taccsa$/)
})

async function open(page: Page, report: string): Promise<void> {
  await page.getByRole('link', { name: 'Reports' }).click()
  await page.getByRole('link', { name: report }).click()
  await expect(page.getByRole('heading', { level: 1 })).toContainText(report.split(':').at(-1)?.trim() ?? '')
}

test('trial profile and baseline table stand as published', async ({ page }) => {
  await open(page, 'Trial profile')
  const profile = page.getByRole('table')
  await expect(profile.getByRole('row').filter({ hasText: /Randomised/i }).first()).toContainText(/25|50/)

  await open(page, 'Table 1')
  const table = page.getByRole('table')
  await expect(table.getByRole('columnheader')).toContainText(['Characteristic', /n = 25/, /n = 25/, 'p'])
  const line = (name: string) =>
    table.getByRole('row').filter({ has: page.getByRole('rowheader', { name }) }).first()
  await expect(line('Anti-MDA5').getByRole('cell')).toHaveText([/^\d+/, /^\d+/, /./])
})

for (const curve of [
  { report: 'Figure 2A', title: /progression-free survival/i, shares: ['87 %', '71 %'], p: '0.16' },
  { report: 'Figure 2B', title: /overall survival/i, shares: ['97 %', '93 %'], p: '0.50' },
]) {
  test(`${curve.report} has the published estimates, the p-value and numbers at risk`, async ({ page }) => {
    await open(page, curve.report)
    const rows = page.getByRole('table').getByRole('row')
    await expect(rows.nth(1)).toContainText('tacrolimus')
    await expect(rows.nth(1)).toContainText(curve.shares[0] as string)
    await expect(rows.nth(2)).toContainText(curve.shares[1] as string)
    await expect(page.getByRole('row').filter({ hasText: 'log-rank' })).toContainText(`p = ${curve.p}`)
    const figure = page.getByRole('figure')
    await expect(figure.locator('svg')).toBeVisible()
    await expect(figure).toContainText(/at risk/i)
  })
}
