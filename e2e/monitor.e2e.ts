import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { SaveResult } from '#domain/casebook/views.ts'
import { address, fill, followUp, newKey, randomisedSubject, shownDay } from './casework.ts'
import { csvRows, unzip } from './export-files.ts'
import { Sheet } from './sheet.ts'
import { trialDefinition } from './trial-definition.ts'
import { arrive, expect, test } from './world.ts'

test('the monitor reads who changed a value and why, and a query goes its whole way', async ({
  world,
  page,
}) => {
  const subject = await randomisedSubject(world)
  const coordinator = await world.person('coordinator')
  const place = address(world, subject, 'W4', 'F_VS')
  await followUp(world, subject, (form) => form.event === 'W4' && form.form === 'F_SV')
  const first = { VSPERF: 'Y', WEIGHT: '61.0', OXYSAT: '96', OXYSRC: 'PULSE_OXIMETER', O2SUPP: 'N' }
  await coordinator.act<SaveResult>('form.save', {
    ...place,
    changes: Object.entries(first).map(([path, to]) => ({ path, from: null, to })),
    key: newKey(),
  })
  await coordinator.act<SaveResult>('form.save', {
    ...place,
    changes: [{ path: 'WEIGHT', from: '61.0', to: '62.5', reason: 'Source corrected' }],
    key: newKey(),
  })

  // The casebook, and behind one value its history.
  const monitor = await world.person('monitor')
  await monitor.open(page, world.path(`/subjects/${subject.subjectKey}`))
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(subject.subjectKey)
  const screened = page.locator('#visit-SCR')
  await expect(screened).toContainText(shownDay(subject.plan.screenedOn))
  await expect(screened.getByRole('link', { name: /^Eligibility ?, Signed/ })).toBeVisible()
  await page
    .locator('#visit-W4')
    .getByRole('link', { name: /^Vital signs/ })
    .click()
  const sheet = new Sheet(page)
  await sheet.ready()
  await expect(sheet.input('WEIGHT')).toHaveValue('62.5')
  await expect(sheet.input('WEIGHT')).toHaveJSProperty('readOnly', true)
  await sheet.button('History of Weight').click()
  const history = page.getByRole('list', { name: 'History of Weight' }).getByRole('listitem')
  const who = world.account('coordinator').displayName
  await expect(history).toHaveCount(2)
  await expect(history.nth(0)).toContainText('61.0')
  await expect(history.nth(0)).toContainText('became')
  await expect(history.nth(0).locator('strong')).toHaveText('62.5')
  await expect(history.nth(0)).toContainText(`${who} · Coordinator`)
  await expect(history.nth(0)).toContainText('Why: Source corrected')
  await expect(history.nth(0)).toContainText(String(new Date().getUTCFullYear()))
  await expect(history.nth(1)).toContainText('nothing entered')
  await expect(history.nth(1).locator('strong')).toHaveText('61.0')

  // The monitor asks,
  await sheet.input('WEIGHT').focus()
  await page.keyboard.press('Alt+Q')
  const panel = page.getByRole('complementary', { name: 'Weight' })
  await panel.getByLabel('Raise a query').fill('The chart says 65.2 kg. Which one is right?')
  await panel.getByRole('button', { name: 'Send query' }).click()
  await expect(panel.getByRole('article')).toContainText('Which one is right?')
  await expect(sheet.button('Queries on Weight: 1')).toBeVisible()

  // the investigator corrects and answers,
  const investigator = await world.person('investigator')
  await Sheet.open(world, investigator, page, subject.subjectKey, 'W4/F_VS')
  await sheet.type('WEIGHT', '65.2')
  await sheet.item('WEIGHT').getByRole('button', { name: 'After a query' }).click()
  await sheet.saved()
  await arrive(page, world.path('/queries?state=open'))
  await page.getByRole('button', { name: /Which one is right/ }).click()
  const thread = page.getByRole('article')
  await expect(thread.locator('dd')).toHaveText(['62.5', '65.2'])
  await thread.getByLabel('Your answer').fill('65.2 kg, as in the chart; corrected.')
  await thread.getByRole('button', { name: 'Answer' }).click()
  await expect(page.getByRole('button', { name: /Which one is right/ })).toHaveCount(0)

  // and the monitor closes.
  await monitor.open(page, world.path('/queries?state=answered'))
  await page.getByRole('button', { name: /Which one is right/ }).click()
  await expect(thread.getByRole('listitem')).toHaveText([
    /Monitor.*asked.*Which one is right\?/,
    /Investigator.*answered.*65\.2 kg, as in the chart/,
  ])
  await thread.getByRole('button', { name: 'Close' }).click()
  await expect(page.getByRole('button', { name: /Which one is right/ })).toHaveCount(0)
  await page.getByRole('group', { name: 'Queries' }).getByRole('button', { name: 'Closed' }).click()
  await page.getByRole('button', { name: /Which one is right/ }).click()
  await expect(thread.getByRole('listitem')).toHaveCount(3)
  await expect(thread).toContainText('Closed without further words.')
  await Sheet.open(world, monitor, page, subject.subjectKey, 'W4/F_VS')
  await sheet.button('History of Weight').click()
  await expect(history.nth(0)).toContainText('Why: After a query')
  await expect(history).toHaveCount(3)
})

test('the export holds one file for each form, a dictionary, and exactly what the screens show', async ({
  world,
  page,
}) => {
  const subject = await randomisedSubject(world)
  await followUp(world, subject, (form) => form.event === 'W4')
  const coordinator = await world.person('coordinator')
  await fill(world, coordinator, subject, {
    event: 'LOG',
    form: 'F_CM',
    repeat: 'new',
    values: { CMTRT: '=Vitamin "D", 0.5 µg\nin the morning' },
  })
  const monitor = await world.person('monitor')
  await monitor.open(page, world.path('/export'))
  const download = page.waitForEvent('download')
  await page.getByRole('link', { name: 'Download everything' }).click()
  const saved = await download
  expect(saved.suggestedFilename()).toMatch(
    new RegExp(`^${world.study}-\\d{4}-\\d\\d-\\d\\d\\.zip$`),
  )
  const bytes = await readFile(await saved.path())
  const files = unzip(bytes)

  const definition = await trialDefinition()
  const names = [...files.keys()]
  expect(names).toEqual(expect.arrayContaining(['README.txt', 'data-dictionary.csv']))
  for (const form of definition.forms) {
    const own = names.filter(
      (name) => name === `${form.oid}.csv` || name.startsWith(`${form.oid}_`),
    )
    expect(own.length, form.oid).toBeGreaterThan(0)
  }
  const rows = (form: string) => csvRows(files.get(`${form}.csv`)?.toString('utf8') ?? '')
  const dictionary = csvRows(files.get('data-dictionary.csv')?.toString('utf8') ?? '')
  for (const name of names.filter((one) => one.startsWith('F_'))) {
    const file = name.replace('.csv', '')
    const [head = ''] = (files.get(name)?.toString('utf8') ?? '').split('\r\n')
    const described = dictionary.filter((row) => row.FILE === file).map((row) => row.COLUMN)
    expect(described.sort(), name).toEqual(head.split(',').sort())
  }
  expect(dictionary.find((row) => row.FILE === 'F_PFT' && row.COLUMN === 'FVC')).toMatchObject({
    LABEL: 'FVC',
    TYPE: 'decimal',
    UNIT: 'L',
  })
  // A formula for a spreadsheet comes out as text, and whole.
  expect(rows('F_CM').map((row) => row.CMTRT)).toEqual(['\'=Vitamin "D", 0.5 µg\nin the morning'])

  // What stands on the screen stands in the file, item by item.
  const sheet = new Sheet(page)
  for (const place of ['SCR/F_DM', 'SCR/F_IIM', 'SCR/F_IE', 'W4/F_VS', 'W4/F_LB', 'W4/F_PFT']) {
    const [event = '', form = ''] = place.split('/')
    const own = rows(form).filter((row) => row.EVENT === event)
    expect(own.length, place).toBeGreaterThan(0)
    for (const row of own) expect(row.SUBJECT).toBe(subject.subjectKey)
    await arrive(page, world.path(`/subjects/${subject.subjectKey}/${place}`))
    await sheet.ready()
    const shown = await sheet.values()
    expect(Object.keys(shown).length, place).toBeGreaterThan(2)
    for (const [path, text] of Object.entries(shown)) {
      const [, key, item] = /^(?:\w+\[(\w+)\]\.)?(\w+)$/.exec(path) as RegExpExecArray
      const row = own.find((one) => key === undefined || one.ROW === key)
      const cells = [row?.[item as string] ?? '', row?.[`${item}_LABEL`] ?? '']
      // Computed numbers lose the zeros at their end on the screen.
      const isSame = cells.includes(text) || (text !== '' && Number(cells[0]) === Number(text))
      expect(isSame, `${place} ${path}: screen ${text}, file ${cells}`).toBe(true)
    }
  }

  // The page keeps the checksum of the very file.
  await arrive(page, world.path('/export'))
  await expect(page.getByText(createHash('sha256').update(bytes).digest('hex'))).toBeVisible()
  await page
    .getByLabel('Form', { exact: true })
    .selectOption({ label: 'Pulmonary function (F_PFT)' })
  const preview = page.getByRole('region', { name: 'First rows' }).getByRole('row')
  const inFile = rows('F_PFT')
  await expect(preview).toHaveCount(inFile.length + 1)
  for (const [at, row] of inFile.entries())
    await expect(preview.nth(at + 1).getByRole('cell')).toHaveText(Object.values(row))
})
