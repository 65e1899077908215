/** A data manager looks at where an item is used and takes the forms away on paper. */
import { readFile } from 'node:fs/promises'
import { arrive, expect, test } from './world.ts'

test('an item is traced to its checks, and the annotated forms come as a PDF', async ({
  world,
  page,
}) => {
  const manager = await world.person('data-manager')
  await manager.open(page, world.path('/definition'))
  await page.getByRole('link', { name: 'Where used' }).click()
  const row = page.getByRole('row', { name: /Systolic pressure SYSBP/ })
  await expect(row).toContainText('checks')
  await row.getByRole('link', { name: 'IC-SYSBP' }).click()
  await expect(page.locator('#IC-SYSBP')).toContainText('SYSBP <= DIABP')

  await arrive(page, world.path('/definition'))
  for (const [link, name] of [
    ['Blank forms (PDF)', '_blank_v1_en.pdf'],
    ['Annotated forms (PDF)', '_annotated_v1_en.pdf'],
  ] as const) {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: link }).click(),
    ])
    expect(download.suggestedFilename()).toContain(name)
    const bytes = await readFile(await download.path())
    expect(bytes.subarray(0, 5).toString()).toBe('%PDF-')
    expect(bytes.length).toBeGreaterThan(50_000)
  }

  await arrive(page, world.path('/definition?view=forms'))
  const [one] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Vital signs and oxygen: Annotated (PDF)' }).click(),
  ])
  expect(one.suggestedFilename()).toContain('_F_VS_annotated_v1_en.pdf')
})
