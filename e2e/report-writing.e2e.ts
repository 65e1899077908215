import { screenedSubject } from './casework.ts'
import { arrive, awake, expect, test } from './world.ts'

test('a statistician writes a report with completion and live preview, changes it with a reason and withdraws it', async ({
  world,
  page,
}) => {
  await screenedSubject(world)
  const statistician = await world.person('statistician')
  await statistician.open(page, world.path('/reports'))
  await page.getByRole('link', { name: 'Write a report' }).click()
  await page.getByRole('link', { name: 'flow of subjects', exact: true }).click()
  const editor = page.getByRole('textbox', { name: 'Text of the report' })
  await expect(editor).toContainText('kind: flow')
  const preview = page.getByRole('region', { name: 'Preview' })
  await expect(preview).toContainText('Entered')

  // What is wrong is said beside its place while it is written; the button stays closed.
  await editor.press('Control+End')
  await page.keyboard.type("  - { label: { en: Consented }, rule: 'known(F_ICF.RFICD")
  await expect(page.getByRole('list', { name: 'Findings' })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Save report' })).toBeDisabled()

  // Names of the study are completed.
  await page.keyboard.press('Control+Space')
  await page.getByRole('option', { name: /F_ICF\.RFICDTC/ }).click()
  await page.keyboard.type(")' }")
  await expect(preview).toContainText('Consented')
  await page.getByRole('button', { name: 'Save report' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'New profile' })).toBeVisible()
  await expect(page.getByRole('main')).toContainText('Consented')

  // It stands in the list with who added it; a change asks for the reason.
  await arrive(page, world.path('/reports'))
  const entry = page.getByRole('link', { name: /^New profile/ })
  await expect(entry).toContainText(`added by ${world.account('statistician').displayName}`)
  await arrive(page, world.path('/reports/write?report=x_flow'))
  await expect(editor).toContainText('RFICDTC')
  await editor.press('Control+End')
  await page.keyboard.type('\n# looked at again')

  // Half-typed work survives a reload.
  await expect(page.getByText('Up to date, on the data of now')).toBeVisible()
  await page.reload()
  await awake(page)
  await expect(editor).toContainText('looked at again')
  await expect(page.getByText('Up to date, on the data of now')).toBeVisible()
  await page.getByRole('button', { name: 'Save change' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Reason').fill('a note for the reviewer')
  await dialog.getByRole('button', { name: 'Save change' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'New profile' })).toBeVisible()

  await arrive(page, world.path('/reports/write?report=x_flow'))
  await expect(page.getByText('a note for the reviewer')).toBeVisible()
  await page.getByRole('button', { name: 'Withdraw' }).click()
  await dialog.getByLabel('Reason').fill('replaced by the trial profile of the protocol')
  await dialog.getByRole('button', { name: 'Withdraw' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Reports' })).toBeVisible()
  await expect(page.getByRole('link', { name: /^Table 1/ })).toBeVisible()
  await expect(entry).toHaveCount(0)
})
