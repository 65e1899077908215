import { plusDays } from '#studies/demo/chance.ts'
import {
  casebook,
  daysAgo,
  entry,
  fill,
  followUp,
  randomisedSubject,
  screenedSubject,
  shownDay,
} from './casework.ts'
import { Sheet } from './sheet.ts'
import { arrive, expect, test } from './world.ts'

const randomisedOn = daysAgo(40)

test('week 4 is found in the matrix by keys and entered with laboratory, lung function and trough', async ({
  world,
  page,
  context,
}) => {
  const subject = await randomisedSubject(world, { randomisedOn })
  await screenedSubject(world, { without: ['F_IE'] })
  await followUp(world, subject, (form) => form.event === 'W0')
  const investigator = await world.person('investigator')

  // Arrow keys from the first cell to week 4; Space peeks, Enter opens.
  await investigator.open(page, world.path('/subjects'))
  const matrix = page.getByRole('grid', { name: 'Subjects by visit' })
  await expect(matrix.getByRole('rowheader')).toHaveText(['03-001', '03-002', 'Total'])
  await page.getByLabel('Subject key').focus()
  while (!(await matrix.locator(':focus').count())) await page.keyboard.press('Tab')
  await page.keyboard.press('ArrowDown')
  await expect(matrix.locator(':focus')).toHaveText('03-002')
  await page.keyboard.press('ArrowUp')
  for (const visit of ['Screening', 'Week 0', 'Week 2', 'Week 4']) {
    await page.keyboard.press('ArrowRight')
    await expect(matrix.locator(':focus')).toHaveAccessibleName(new RegExp(`^${visit}:`))
  }
  await expect(matrix.locator(':focus')).toHaveAccessibleName(/overdue/)
  await page.keyboard.press('Space')
  const peek = page.getByRole('complementary', { name: '03-001 · Week 4' })
  await expect(peek).toContainText(shownDay(plusDays(randomisedOn, 28)))
  await expect(peek.getByRole('link', { name: /Pulmonary function/ })).toBeVisible()
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/subjects\/03-001#visit-W4$/)

  // The visit itself: yes opens its date.
  await page
    .locator('#visit-W4')
    .getByRole('link', { name: /^Visit header/ })
    .click()
  const sheet = new Sheet(page)
  await sheet.ready()
  await expect(sheet.item('SVSTDTC')).toHaveCount(0)
  await sheet.choose('SVOCCUR', 'Yes')
  await sheet.type('SVSTDTC', plusDays(randomisedOn, 29).replaceAll('-', ''))
  await sheet.choose('SVCNTMOD', 'In person')
  await expect(sheet.item('SVDEV').locator('output')).toHaveText('1')
  await sheet.complete()

  // Laboratory: limits of the assay, not done, and a block from a spreadsheet.
  await Sheet.open(world, investigator, page, subject.subjectKey, 'W4/F_LB')
  await sheet.input('LB[FERRITIN].LBORRES').fill('>1650')
  await page.keyboard.press('ArrowDown')
  await expect(sheet.input('LB[CK].LBORRES')).toBeFocused()
  await expect(sheet.input('LB[FERRITIN].LBORRES')).toHaveValue('1650')
  await expect(sheet.item('LB[FERRITIN].LBORRESQ').getByRole('combobox')).toHaveValue('GT')
  await page.keyboard.type('nd')
  await page.keyboard.press('Tab')
  await expect(sheet.item('LB[CK].LBORRES')).toContainText('Not done')

  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.evaluate(() => navigator.clipboard.writeText('1.60\tmg/dL\n14.2\tmg/dL\n31\tU/L\n'))
  await sheet.input('LB[CREAT].LBORRES').focus()
  await page.keyboard.press('ControlOrMeta+V')
  const preview = page.getByRole('dialog', { name: '6 values to paste' })
  await expect(preview.getByRole('row')).toHaveText([
    /Row/,
    /Creatinine.*1\.60/,
    /Creatinine.*mg\/dL/,
    /Urea nitrogen.*14\.2/,
    /Urea nitrogen.*mg\/dL/,
    /Alanine aminotransferase.*31/,
    /Alanine aminotransferase.*U\/L/,
  ])
  await preview.getByRole('button', { name: 'Take 6 values' }).click()
  await expect(sheet.item('LB[CREAT].LBSTRESN').locator('output')).toHaveText(/^141\.4/)
  await expect(sheet.item('LB[CREAT].LBTOXGR').locator('output')).toHaveText('Grade 2')
  await expect(sheet.item('LB[CREAT].LBNRIND').locator('output')).toHaveText('High')
  await expect(sheet.item('LB[ALT].LBTOXGR').locator('output')).toHaveText('–')
  await sheet.choose('LB[CREAT].LBCLSIG', 'Yes')
  await sheet.saved()
  const laboratory = await entry(world, investigator, subject.subjectId, 'W4', 'F_LB')
  expect(laboratory.record.data).toMatchObject({
    'LB[FERRITIN].LBORRES': '1650',
    'LB[FERRITIN].LBORRESQ': 'GT',
    'LB[CK].LBORRES': { missing: 'ND' },
    'LB[CREAT].LBORRES': '1.60',
    'LB[UREAN].LBORRES': '14.2',
    'LB[ALT].LBORRES': '31',
  })
  expect(laboratory.evaluation.derived).toMatchObject({ 'LB[CREAT].LBTOXGR': '2' })

  // Lung function: the group opens with "done", the range speaks before anything is saved.
  await Sheet.open(world, investigator, page, subject.subjectKey, 'W4/F_PFT')
  await expect(sheet.item('FVC')).toHaveCount(0)
  await sheet.choose('PFTPERF', 'Yes')
  await expect(sheet.item('FVC')).toBeVisible()
  await sheet.saved()
  await sheet.type('PFTDTC', plusDays(randomisedOn, 29))
  await sheet.saved()
  const saves: string[] = []
  page.on('request', (request) => {
    if (request.url().includes('form.save')) saves.push(request.postData() ?? '')
  })
  await sheet.input('FVC').pressSequentially('7.20')
  await expect(sheet.item('FVC')).toContainText('Please check.')
  await expect(sheet.status).toHaveAttribute('data-status', 'pending')
  expect(saves).toEqual([])
  await sheet.type('FVC', '2.10')
  await expect(sheet.item('FVC')).not.toContainText('Please check.')
  await sheet.type('FVCPRED', '3.00')
  await expect(sheet.input('FVCPP')).toHaveAttribute('placeholder', /^70(\.0)?$/)
  await sheet.type('FVCPP', '70.0')
  await sheet.type('DLCO', '4.50')
  await sheet.type('DLCOPP', '62.0')
  await sheet.complete()
  expect(saves.join()).not.toContain('7.20')

  // Trough of the allocated drug.
  await Sheet.open(world, investigator, page, subject.subjectKey, 'W4/F_TDM')
  await sheet.choose('TDMPERF', 'Yes')
  await sheet.choose('TDMDRUG', subject.arm === 'TAC' ? 'Tacrolimus' : 'Ciclosporin')
  await sheet.type('TDMDTC', plusDays(randomisedOn, 29))
  await expect(sheet.item(subject.arm === 'TAC' ? 'CSATRGH' : 'TACTRGH')).toHaveCount(0)
  if (subject.arm === 'TAC') await sheet.type('TACTRGH', '7.4')
  else await sheet.type('CSATRGH', '124')
  await expect(sheet.item('TDMTGT').locator('output')).toHaveText('In target')
  await sheet.complete()
})

test('an adverse event is reported with its grade, and another one beside it', async ({
  world,
  page,
}) => {
  const subject = await randomisedSubject(world, { randomisedOn })
  const investigator = await world.person('investigator')
  await investigator.open(page, world.path(`/subjects/${subject.subjectKey}`))
  await page
    .getByRole('region', { name: 'Adverse event', exact: true })
    .getByRole('link', { name: /^Add/ })
    .click()
  const sheet = new Sheet(page)
  await sheet.ready()
  const report = async (term: string, grade: string, started: string) => {
    await sheet.choose('AEYN', 'Yes')
    await sheet.type('AETERM', term)
    await sheet.type('AESTDTC', started)
    await sheet.saved()
    // Loading the page again goes on with this event instead of beginning another one.
    await page.reload()
    await sheet.ready()
    await expect(sheet.input('AETERM')).toHaveValue(term)
    await sheet.choose('AEONGO', 'Yes')
    await sheet.choose('AETOXGR', `Grade ${grade}`)
    await sheet.choose('AESER', 'No')
    for (const drug of ['TAC', 'CSA', 'GC']) {
      await sheet.enter(`AEREL_${drug}`, drug === subject.arm ? 'Y' : 'N')
      await sheet.enter(
        `AEACN_${drug}`,
        drug === subject.arm || drug === 'GC' ? 'DOSE NOT CHANGED' : 'NOT APPLICABLE',
      )
    }
    await sheet.choose('AEOUT', 'Not recovered/not resolved')
    await sheet.complete()
  }
  await report('Herpes zoster', '3', plusDays(randomisedOn, 12))
  await expect(page).toHaveURL(/\/LOG\/F_AE$/)
  await sheet.button('Add another').click()
  await expect(page.locator('header [data-state="notStarted"]')).toBeVisible()
  await sheet.ready()
  await expect(sheet.item('AEYN').getByRole('radio', { name: 'Yes' })).not.toBeChecked()
  await report('Tremor', '1', plusDays(randomisedOn, 20).slice(0, 7))
  await expect(page).toHaveURL(/\/LOG\/F_AE-2$/)

  // Corrected later: opened again with a reason, changed with a reason.
  await sheet.button('Open again').click()
  const reason = page.getByRole('dialog', { name: 'Open this form again' })
  await reason.getByLabel('Reason').fill('Seen again at the ward')
  await reason.getByRole('button', { name: 'Open again' }).click()
  await expect(reason).toBeHidden()
  await sheet.choose('AETOXGR', 'Grade 2')
  await sheet.item('AETOXGR').getByRole('button', { name: 'Late information' }).click()
  await sheet.complete()

  await arrive(page, world.path('/adverse-events'))
  const zoster = page.getByRole('row').filter({ hasText: 'Herpes zoster' })
  await expect(zoster).toContainText(subject.subjectKey)
  await expect(zoster).toContainText(shownDay(plusDays(randomisedOn, 12)))
  await expect(zoster.locator('strong')).toHaveText('3')
  const tremor = page.getByRole('row').filter({ hasText: 'Tremor' })
  await expect(tremor.locator('strong')).toHaveText('2')
})

test('a progression counts with two of three criteria and leads to added treatment', async ({
  world,
  page,
}) => {
  const subject = await randomisedSubject(world, { randomisedOn })
  await followUp(world, subject, (form) => form.event === 'W0')
  const investigator = await world.person('investigator')
  const coordinator = await world.person('coordinator')
  for (const form of subject.plan.after) {
    if (form.event !== 'W4' || !['F_SV', 'F_PFT'].includes(form.form)) continue
    const fallen = {
      FVC: '1.20',
      FVCPRED: '3.00',
      FVCPP: '40.0',
      FEV1: '1.00',
    }
    const values = form.form === 'F_PFT' ? { ...form.values, ...fallen } : form.values
    await fill(world, coordinator, subject, { ...form, values })
  }
  const on = plusDays(randomisedOn, 32)
  await investigator.open(page, world.path(`/subjects/${subject.subjectKey}`))
  await page
    .getByRole('region', { name: 'Disease progression event', exact: true })
    .getByRole('link', { name: /^Add/ })
    .click()
  const sheet = new Sheet(page)
  await sheet.ready()
  await sheet.type('PRGDTC', on)
  await sheet.choose('PRGSYS', 'ILD')
  await sheet.choose('PRGSYMP', 'Yes / present')
  await sheet.choose('PRGOPAC', 'No / absent')
  await expect(sheet.item('PRGILD').locator('output')).toHaveText('Yes')
  await expect(sheet.item('PRGRX')).toHaveCount(0)
  await sheet.choose('PRGTRT', 'Yes')
  await sheet.item('PRGRX').getByRole('checkbox', { name: 'Methylprednisolone pulse' }).check()
  // Whoever takes long between two ticks is not asked why the first was changed.
  await page.evaluate(() => window.dispatchEvent(new Event('online')))
  await expect(sheet.status).toHaveAttribute('data-status', 'pending')
  const second = sheet.item('PRGRX').getByRole('checkbox', { name: 'IV immunoglobulin' })
  await second.check()
  await second.blur()
  await sheet.complete()
  const progression = await entry(world, investigator, subject.subjectId, 'LOG', 'F_PROG')
  expect(progression.record.data).toMatchObject({ PRGRX: ['MP_PULSE', 'IVIG'] })
  expect(progression.evaluation.derived).toMatchObject({ PRGFVC: 'Y', PRGILD: 'Y', PRGFL: 'Y' })

  // What is added goes into its own log.
  await arrive(page, world.path(`/subjects/${subject.subjectKey}`))
  await page
    .getByRole('region', { name: 'Methylprednisolone pulse', exact: true })
    .getByRole('link', { name: /^Add/ })
    .click()
  await sheet.ready()
  await sheet.choose('PULOCC', 'Yes')
  await sheet.type('PULSTDTC', plusDays(on, 1))
  await sheet.type('PULDOSE', '1000')
  await sheet.type('PULDAYS', '3')
  await sheet.choose('PULTIM', 'Rescue')
  await sheet.complete()
  await expect(sheet.button('Open again')).toBeVisible()
  await sheet.button('Add another').click()
  await expect(page).toHaveURL(/\/LOG\/F_PULSE-new$/)
  await expect(page.locator('header [data-state="notStarted"]')).toBeVisible()
  const view = await casebook(world, investigator, subject.subjectId)
  expect(view.timeline).toContainEqual(expect.objectContaining({ kind: 'progression', from: on }))
  await arrive(page, world.path(`/subjects/${subject.subjectKey}`))
  const log = page.getByRole('region', { name: 'Disease progression event' })
  await expect(log.getByRole('row').nth(1)).toContainText(shownDay(on))
})
