/** What was typed is on the server exactly once, whatever the network, the tab or a colleague does meanwhile. */
import type { HistoryEntry, SaveResult } from '#domain/casebook/views.ts'
import { address, daysAgo, newKey, type Subject, screenedSubject } from './casework.ts'
import { Sheet } from './sheet.ts'
import { expect, test, type World } from './world.ts'

async function history(world: World, subject: Subject, form: string, path: string) {
  const monitor = await world.person('monitor')
  const { record } = await monitor.ask<{ record: { recordId: string | null } }>(
    'form.entry',
    address(world, subject, 'SCR', form),
  )
  if (record.recordId === null) return []
  return monitor.ask<HistoryEntry[]>('form.history', {
    studyId: world.studyId,
    recordId: record.recordId,
    path,
  })
}

test('typing without a network is kept on this computer and saved once when it is back', async ({
  world,
  page,
  context,
}) => {
  const subject = await screenedSubject(world, {
    randomisedOn: daysAgo(2),
    without: ['F_VS', 'F_IE'],
  })
  const coordinator = await world.person('coordinator')
  const sheet = await Sheet.open(world, coordinator, page, subject.subjectKey, 'SCR/F_VS')
  await sheet.choose('VSPERF', 'Yes')
  await sheet.saved()
  await context.setOffline(true)
  await sheet.type('WEIGHT', '61.5')
  await sheet.choose('O2SUPP', 'No')
  await expect(sheet.status).toHaveText('Kept on this computer, will be sent')
  await page.close()

  // The tab is opened again while the server still cannot take anything.
  await context.setOffline(false)
  await context.route('**/api/trpc/form.save**', (route) => route.abort())
  const tab = await context.newPage()
  await tab.goto(world.path(`/subjects/${subject.subjectKey}/SCR/F_VS`))
  const again = new Sheet(tab)
  await again.ready()
  await expect(again.input('WEIGHT')).toHaveValue('61.5')
  await expect(again.item('O2SUPP').getByRole('radio', { name: 'No' })).toBeChecked()
  await expect(again.status).toHaveText('Kept on this computer, will be sent')
  expect(await history(world, subject, 'F_VS', 'WEIGHT')).toEqual([])

  await context.unroute('**/api/trpc/form.save**')
  await tab.evaluate(() => window.dispatchEvent(new Event('online')))
  await again.saved()
  await tab.reload()
  await again.ready()
  await expect(again.input('WEIGHT')).toHaveValue('61.5')
  expect(await history(world, subject, 'F_VS', 'WEIGHT')).toMatchObject([
    { old: null, new: '61.5' },
  ])
  expect(await history(world, subject, 'F_VS', 'O2SUPP')).toHaveLength(1)
})

test('an answer that is lost on the way does not save twice', async ({ world, page }) => {
  const subject = await screenedSubject(world, {
    randomisedOn: daysAgo(2),
    without: ['F_ICF', 'F_IE'],
  })
  const coordinator = await world.person('coordinator')
  const sheet = await Sheet.open(world, coordinator, page, subject.subjectKey, 'SCR/F_ICF')
  await sheet.choose('ICFREQ', 'Required')
  await sheet.saved()
  const keys: string[] = []
  page.on('request', (request) => {
    const key = /"key":"([^"]+)"/.exec(request.postData() ?? '')?.[1]
    if (key && request.url().includes('form.save')) keys.push(key)
  })
  await page.route(
    '**/api/trpc/form.save**',
    async (route) => {
      await route.fetch()
      await route.abort()
    },
    { times: 1 },
  )
  await sheet.type('ICFVER', '3.2')
  await expect(sheet.status).toHaveAttribute('data-status', 'kept')
  expect(await history(world, subject, 'F_ICF', 'ICFVER')).toHaveLength(1)
  await sheet.saved()
  expect(keys.length).toBeGreaterThan(1)
  expect(new Set(keys).size).toBe(1)
  expect(await history(world, subject, 'F_ICF', 'ICFVER')).toHaveLength(1)
})

test('two people on one form: a conflict is shown and settled, everything else goes through', async ({
  world,
  page,
  browser,
}) => {
  const subject = await screenedSubject(world, {
    randomisedOn: daysAgo(2),
    without: ['F_VS', 'F_IE'],
  })
  const coordinator = await world.person('coordinator')
  await coordinator.act<SaveResult>('form.save', {
    ...address(world, subject, 'SCR', 'F_VS'),
    changes: [
      { path: 'VSPERF', from: null, to: 'Y' },
      { path: 'WEIGHT', from: null, to: '61.0' },
      { path: 'PULSE', from: null, to: '70' },
    ],
    key: newKey(),
  })
  const investigator = await world.person('investigator')
  const mine = await Sheet.open(world, coordinator, page, subject.subjectKey, 'SCR/F_VS')
  const elsewhere = await browser.newContext({ baseURL: world.baseUrl })
  const theirs = await Sheet.open(
    world,
    investigator,
    await elsewhere.newPage(),
    subject.subjectKey,
    'SCR/F_VS',
  )

  await theirs.type('WEIGHT', '62.0')
  await theirs.item('WEIGHT').getByRole('button', { name: 'Source corrected' }).click()
  await theirs.saved()

  await mine.type('WEIGHT', '63.0')
  await mine.item('WEIGHT').getByRole('button', { name: 'Typing error' }).click()
  await mine.type('TEMP', '36.6')
  const bar = mine.item('WEIGHT').getByRole('alert')
  await expect(bar).toContainText(
    `${world.account('investigator').displayName} changed this meanwhile to “62.0”. You typed “63.0”.`,
  )
  await expect(mine.status).toHaveText('Some items are not saved: see the marks')
  const [temperature] = await history(world, subject, 'F_VS', 'TEMP')
  expect(temperature).toMatchObject({ old: null, new: '36.6' })
  expect(await history(world, subject, 'F_VS', 'WEIGHT')).toHaveLength(2)

  // To write over a colleague's value is a change of its own, with a reason of its own.
  await bar.getByRole('button', { name: 'Change it to “63.0”' }).click()
  await expect(mine.item('WEIGHT')).toContainText('Saved before as “62.0”')
  await mine.item('WEIGHT').getByRole('button', { name: 'Typing error' }).click()
  await mine.saved()
  expect(await history(world, subject, 'F_VS', 'WEIGHT')).toMatchObject([
    { old: '62.0', new: '63.0', reason: 'Typing error' },
    { old: '61.0', new: '62.0', reason: 'Source corrected' },
    { old: null, new: '61.0' },
  ])
  expect(await history(world, subject, 'F_VS', 'PULSE')).toHaveLength(1)

  // The other one meets the same and takes what is there.
  await theirs.type('PULSE', '72')
  await theirs.item('PULSE').getByRole('button', { name: 'Typing error' }).click()
  await theirs.saved()
  await expect(theirs.input('WEIGHT')).toHaveValue('63.0')
  await elsewhere.close()
})
