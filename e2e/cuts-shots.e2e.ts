import { newKey, randomisedSubject, screenedSubject } from './casework.ts'
import { arrive, test } from './world.ts'

test('shots of cut pages', async ({ world, page }) => {
  test.setTimeout(240_000)
  await randomisedSubject(world)
  await screenedSubject(world, { without: ['F_VS', 'F_IE'], site: 'other' })
  const statistician = await world.person('statistician')
  for (const [name, purpose, arms] of [
    ['Interim 1', 'interim', 'shown'],
    ['Board 1', 'dsmb', 'masked'],
  ]) {
    await statistician.act('cut.take', {
      studyId: world.studyId, name, purpose, arms, reason: 'Half of the planned subjects are allocated',
      parameters: { cutOff: '2026-10-01' }, key: newKey(),
    })
  }
  const out = '/tmp/cuts-shots'
  await statistician.open(page, world.path('/cuts'))
  const shoot = async (suffix: string) => {
    for (const [place, name] of [['/cuts', 'list'], ['/cuts/new', 'new'], ['/cuts/1', 'cut'], ['/cuts/2/r2_baseline', 'report']]) {
      await arrive(page, world.path(place))
      await page.screenshot({ path: `${out}/${name}-${suffix}.png`, fullPage: true })
    }
  }
  await shoot('1440')
  await arrive(page, world.path('/cuts/1'))
  await page.getByRole('button', { name: 'Verify' }).click()
  await page.getByText(/^Identical/).waitFor()
  await page.screenshot({ path: `${out}/verified.png`, fullPage: true })
  await page.setViewportSize({ width: 820, height: 1000 })
  await shoot('820')
  await page.setViewportSize({ width: 1440, height: 900 })
  await page.emulateMedia({ colorScheme: 'dark' })
  await statistician.act('account.setLanguage', { language: 'ja' })
  await shoot('dark-ja')
})
