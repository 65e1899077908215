import type { CasebookView, RandomisationView } from '#domain/casebook/views.ts'
import { plusDays } from '#studies/demo/chance.ts'
import { planSubject } from '#studies/tac-csa-rct/demo/cohort.ts'
import {
  casebook,
  daysAgo,
  entry,
  fill,
  newKey,
  quietSubject,
  type Subject,
  screenedSubject,
  shownDay,
} from './casework.ts'
import { Sheet } from './sheet.ts'
import { arrive, expect, test } from './world.ts'

test('a subject is screened, refused while a criterion is open, and randomised in the stratum of the diagnosis', async ({
  world,
  page,
}) => {
  const coordinator = await world.person('coordinator')
  const demo = await quietSubject('DM')
  const plan = planSubject(demo, daysAgo(1), 1)
  const planned = (form: string) => plan.before.find((one) => one.form === form)?.values ?? {}

  // Screened on the matrix.
  await coordinator.open(page, world.path('/subjects'))
  await expect(page.getByText('No subjects yet')).toBeVisible()
  await page.getByRole('button', { name: 'New subject' }).click()
  const dialog = page.getByRole('dialog', { name: 'New subject' })
  // The day proposed is the server's: this browser's own clock is in Tokyo, where tomorrow begins earlier.
  await expect(dialog.getByLabel('Screened or registered on')).toHaveValue(
    new Intl.DateTimeFormat('en-CA').format(new Date()),
  )
  await dialog.getByLabel('Screened or registered on').fill(plan.screenedOn)
  await dialog.getByRole('button', { name: 'Add subject' }).click()
  await expect(page).toHaveURL(new RegExp(`${world.path('/subjects/03-001')}$`))
  const subjectKey = '03-001'
  await expect(page.getByRole('heading', { level: 1, name: subjectKey })).toBeVisible()
  const [found] = await coordinator.ask<{ subjectId: string }[]>('subject.find', {
    studyId: world.studyId,
    text: subjectKey,
  })
  const subjectId = found?.subjectId as string
  const subject: Subject = { subjectId, subjectKey, records: new Map(), plan, demo }

  // Consent and the diagnosis by hand; what else eligibility reads comes the same way every time.
  await page.getByRole('link', { name: /^Informed consent/ }).click()
  const sheet = new Sheet(page)
  await sheet.ready()
  await sheet.choose('ICFREQ', 'Required')
  await sheet.type('RFICDTC', plan.screenedOn.replaceAll('-', '/'))
  await expect(sheet.input('RFICDTC')).toHaveValue(plan.screenedOn)
  await sheet.type('ICFVER', '1.0')
  await sheet.complete()

  await Sheet.open(world, coordinator, page, subjectKey, 'SCR/F_IIM')
  for (const [path, value] of Object.entries(planned('F_IIM'))) await sheet.enter(path, value)
  await sheet.complete()
  for (const form of plan.before) {
    if (!['F_ICF', 'F_IIM', 'F_IE'].includes(form.form)) {
      await fill(world, coordinator, subject, form)
    }
  }

  // Every criterion but one: the screen and the server refuse alike.
  await Sheet.open(world, coordinator, page, subjectKey, 'SCR/F_IE')
  for (const [path, value] of Object.entries(planned('F_IE'))) {
    if (path !== 'IE[EX02].IEORRES') await sheet.enter(path, value)
  }
  await sheet.saved()
  await sheet.button('Mark complete').click()
  await expect(page.getByRole('alert').filter({ hasText: 'open before' })).toContainText(
    'Active infection',
  )
  const refusal = { studyId: world.studyId, subjectId }
  await arrive(page, world.path(`/subjects/${subjectKey}/randomise`))
  const criterion = page.getByRole('listitem').filter({ hasText: 'All eligibility criteria met' })
  await expect(criterion).not.toContainText('Fulfilled')
  await expect(criterion.getByRole('link', { name: 'Open form' })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Randomise', exact: true })).toBeDisabled()
  await expect(coordinator.act('subject.randomise', { ...refusal, key: newKey() })).rejects.toThrow(
    /not-eligible/,
  )

  // An exclusion criterion that is met refuses too; put right with a reason.
  await criterion.getByRole('link', { name: 'Open form' }).click()
  await sheet.ready()
  await sheet.choose('IE[EX02].IEORRES', 'Yes')
  await sheet.saved()
  await expect(coordinator.act('subject.randomise', { ...refusal, key: newKey() })).rejects.toThrow(
    /not-eligible/,
  )
  await sheet.choose('IE[EX02].IEORRES', 'No')
  await sheet.item('IE[EX02].IEORRES').getByRole('combobox').focus()
  await sheet.button('Typing error').click()
  await sheet.saved()
  await expect(sheet.item('IEELIG').locator('output')).toHaveText('Yes')
  await sheet.complete()
  await expect(sheet.button('Sign')).toHaveCount(0)
  await expect(coordinator.act('subject.randomise', { ...refusal, key: newKey() })).rejects.toThrow(
    /eligibility-not-signed/,
  )

  // The investigator signs with the password.
  const investigator = await world.person('investigator')
  await Sheet.open(world, investigator, page, subjectKey, 'SCR/F_IE')
  await sheet.button('Sign').click()
  const signing = page.getByRole('dialog', { name: 'Sign electronically' })
  await expect(signing).toContainText('I have checked every criterion; the answers are correct.')
  await signing.getByRole('textbox', { name: 'Your password' }).fill('not the password of anybody')
  await signing.getByRole('button', { name: 'Sign' }).click()
  await expect(signing.getByRole('alert')).toHaveText(
    'The password is not right. Nothing was done.',
  )
  expect(page.url()).not.toContain('password')
  await signing.getByRole('textbox', { name: 'Your password' }).fill(world.password)
  await signing.getByRole('button', { name: 'Sign' }).click()
  await expect(
    page.getByText(new RegExp(`Signed by ${world.account('investigator').displayName}`)),
  ).toBeVisible()

  // Randomised once, however often it is asked for.
  await coordinator.open(page, world.path(`/subjects/${subjectKey}/randomise`))
  await expect(page.getByText('Dermatomyositis (classic)').first()).toBeVisible()
  await expect(page.getByText('PSL +')).toHaveCount(0)
  await page.getByRole('button', { name: 'Randomise', exact: true }).click()
  const confirm = page.getByRole('dialog', { name: `Randomise ${subjectKey}?` })
  await expect(confirm).toContainText(
    `${subjectKey} will be randomised in the stratum Dermatomyositis`,
  )
  await confirm.getByRole('button', { name: 'Randomise now' }).dblclick()
  const card = page.getByRole('status').filter({ hasText: `${subjectKey} is randomised` })
  await expect(card).toBeVisible()
  const { rows } = await world.ownerPool.query<{ arm: string; stratum: string; number: string }>(
    'select arm, stratum, number from casebook.allocation_issued where study_id = $1',
    [world.studyId],
  )
  expect(rows).toHaveLength(1)
  expect(rows[0]?.stratum).toBe('DM')
  const armShown = rows[0]?.arm === 'TAC' ? 'PSL + tacrolimus' : 'PSL + ciclosporin A'
  await expect(card).toContainText(armShown)
  await expect(card).toContainText(rows[0]?.number as string)
  await page.reload()
  await expect(card).toContainText(armShown)
  await expect(card).toContainText(rows[0]?.number as string)
  const again = await coordinator
    .act<RandomisationView['allocation']>('subject.randomise', { ...refusal, key: newKey() })
    .then(() => 'was randomised again')
    .catch((error: Error) => error.message)
  expect(again).toContain('already-randomised')

  // The calendar stands in the casebook.
  await card.getByRole('link', { name: 'To the casebook' }).click()
  const view: CasebookView = await casebook(world, coordinator, subjectId)
  const anchor = view.subject.anchor as string
  const calendar: readonly [string, number, number][] = [
    ['W2', 14, 3],
    ['W4', 28, 3],
    ['W8', 56, 7],
    ['W52', 364, 14],
  ]
  for (const [event, day, slack] of calendar) {
    const target = plusDays(anchor, day)
    const visit = view.visits.find((one) => one.event === event)
    expect(visit).toMatchObject({
      target,
      from: plusDays(target, -slack),
      to: plusDays(target, slack),
    })
    await expect(page.locator(`#visit-${event}`)).toContainText(`due ${shownDay(target)}`)
  }
  await page
    .locator('#visit-W4')
    .getByRole('link', { name: /^Visit header/ })
    .click()
  await sheet.ready()
  await expect(page.locator('header').filter({ hasText: 'Visit header' })).toContainText(
    `window ${shownDay(plusDays(anchor, 25))} – ${shownDay(plusDays(anchor, 31))}`,
  )
  const allocation = await entry(world, coordinator, subjectId, 'W0', 'F_RAND')
  expect(allocation.record.data).toMatchObject({ ARMCD: rows[0]?.arm, RANDSTR: 'DM' })
})

test('a subject withdraws consent: what was before may still come, what is after is refused, and a wrong day is mended', async ({
  world,
  page,
}) => {
  const { subjectKey } = await screenedSubject(world)
  const coordinator = await world.person('coordinator')
  const casebookPath = world.path(`/subjects/${subjectKey}`)
  await coordinator.open(page, casebookPath)
  await page.getByRole('button', { name: 'Withdraw', exact: true }).click()
  const dialog = page.getByRole('dialog', { name: `Withdraw subject ${subjectKey}` })
  await dialog.getByLabel('Day of withdrawal').fill(daysAgo(0))
  await dialog.getByLabel('Reason').fill('Letter of the subject')
  await dialog.getByRole('button', { name: 'Withdraw subject' }).click()
  const note = page.getByRole('status').filter({ hasText: 'Consent was withdrawn on' })
  await expect(note).toContainText(shownDay(daysAgo(0)))

  // It was the day before.
  await note.getByRole('button', { name: 'Correct the withdrawal' }).click()
  const mend = page.getByRole('dialog', { name: `Correct the withdrawal of ${subjectKey}` })
  await mend.getByLabel('Day of withdrawal').fill(daysAgo(1))
  await mend.getByLabel('Reason').fill('Dated on the letter')
  await mend.getByRole('button', { name: 'Correct the day' }).click()
  await expect(note).toContainText(shownDay(daysAgo(1)))

  const sheet = await Sheet.open(world, coordinator, page, subjectKey, 'LOG/F_AE-new')
  await expect(note).toBeVisible()
  await sheet.enter('AEYN', 'Y')
  await sheet.type('AETERM', 'Headache')
  await sheet.saved()
  await sheet.type('AESTDTC', daysAgo(0))
  const refusal = sheet.item('AESTDTC').getByText(/^Consent was withdrawn on .* this entry is of/)
  await expect(refusal).toBeVisible()
  await sheet.type('AESTDTC', daysAgo(1))
  await sheet.saved()
  await expect(refusal).toBeHidden()
})
