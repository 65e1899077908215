/** The trial as it would be double-blind: work goes on as ever, and who received what is met by nobody before it may. */
import type { Page } from '@playwright/test'
import type { StudyDefinition } from '#domain/definition/definition.ts'
import { studyDefinition } from '#studies/demo/study-definition.ts'
import { newKey, screenedSubject, signEligibility } from './casework.ts'
import { Sheet } from './sheet.ts'
import { trialDefinition } from './trial-definition.ts'
import { arrive, awake, expect, test, World } from './world.ts'

/** Names of the arms; drugs are also named by the protocol's own forms, which tell nothing about a subject. */
const arms = /PSL \+ (tacrolimus|ciclosporin)|"(TAC|CSA)\\*"/

async function blindedTrial(): Promise<StudyDefinition> {
  const trial = await trialDefinition()
  const { allocation } = trial
  if (!allocation) throw new Error('The trial allocates')
  const blinding = {
    arm: [],
    byArm: [],
    conceals: ['F_EC.ECTRT', 'F_TDM'],
    board: 'masked' as const,
  }
  return { ...trial, allocation: { ...allocation, openLabel: false, blinding } }
}

/** Everything that the page shows and everything that was sent to make it. */
async function expectNoArm(page: Page): Promise<void> {
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  expect(await page.content()).not.toMatch(arms)
}

test('a double-blind trial is randomised, entered and reported without an arm, until it is unblinded', async ({
  page,
}) => {
  const world = await World.make(await blindedTrial())
  try {
    const subject = await screenedSubject(world, { stratum: 'DM' })
    await signEligibility(world, subject)
    const { subjectKey } = subject
    const path = world.path(`/subjects/${subjectKey}`)
    const { rows: before } = await world.ownerPool.query(
      'select 1 from casebook.allocation_issued where study_id = $1',
      [world.studyId],
    )
    expect(before).toHaveLength(0)

    // The coordinator randomises and learns the number, not the arm.
    const coordinator = await world.person('coordinator')
    await coordinator.open(page, `${path}/randomise`)
    await page.getByRole('button', { name: 'Randomise', exact: true }).click()
    await page.getByRole('button', { name: 'Randomise now' }).click()
    const card = page.getByRole('status').filter({ hasText: `${subjectKey} is randomised` })
    await expect(card).toContainText('Concealed')
    await expect(card.getByRole('button', { name: 'Emergency unblinding…' })).toHaveCount(0)
    const { rows } = await world.ownerPool.query<{ arm: string; number: string }>(
      'select arm, number from casebook.allocation_issued where study_id = $1',
      [world.studyId],
    )
    const [issued] = rows
    const arm = issued?.arm === 'TAC' ? 'PSL + tacrolimus' : 'PSL + ciclosporin A'
    await expect(card).toContainText(issued?.number as string)
    for (const rest of ['/randomise', '', '/W0/F_RAND', '/W0/F_SV']) {
      await arrive(page, `${path}${rest}`)
      await expectNoArm(page)
    }
    await arrive(page, `${path}/W0/F_RAND`)
    await expect(page.getByText(/^Concealed from you on this form: .*arm/i)).toBeVisible()
    await arrive(page, path)
    await expect(page.getByRole('term').filter({ hasText: 'Arm' })).toBeVisible()
    await expect(page.getByText('Concealed', { exact: true }).first()).toBeVisible()
    await arrive(page, world.path('/subjects'))
    await expect(page.getByText('Concealed').first()).toBeVisible()
    await expectNoArm(page)

    // The statistician works with all arms together; what would tell them is withheld with a sentence.
    const statistician = await world.person('statistician')
    await statistician.open(page, world.path('/reports/R2_BASELINE'))
    await expect(page.getByRole('article').getByRole('columnheader')).toContainText(['All arms'])
    await expectNoArm(page)
    await arrive(page, world.path('/reports/R8_TREATMENT'))
    await expect(page.getByText('This report would tell who received what.')).toBeVisible()
    await expectNoArm(page)

    // In an emergency the investigator is told, with reason and password; the coordinator is not.
    const investigator = await world.person('investigator')
    await investigator.open(page, path)
    await page.getByRole('link', { name: 'Emergency unblinding…' }).click()
    await expect(page).toHaveURL(`${path}/randomise`)
    await awake(page)
    await page.getByRole('button', { name: 'Emergency unblinding…' }).click()
    const dialog = page.getByRole('dialog', { name: `Unblind ${subjectKey}?` })
    const tell = dialog.getByRole('button', { name: 'Tell me the arm' })
    await expect(tell).toBeDisabled()
    await dialog.getByLabel('Reason').fill('Anaphylaxis after the dose.')
    await dialog.getByRole('textbox', { name: 'Your password' }).fill('not the password')
    await tell.click()
    await expect(dialog.getByRole('alert')).toHaveText(
      'The password is not right. Nothing was done.',
    )
    await dialog.getByRole('textbox', { name: 'Your password' }).fill(world.password)
    await tell.click()
    await expect(page.getByRole('status').filter({ hasText: subjectKey })).toContainText(arm)
    await coordinator.open(page, path)
    await expect(page.getByRole('region', { name: 'Unblinded in an emergency' })).toContainText(
      'Anaphylaxis after the dose.',
    )
    await expectNoArm(page)

    // At the end the keeper of the lists ends the blinding; then the report has its columns.
    const keeper = await world.person('allocation-statistician')
    await keeper.open(page, world.path('/allocation'))
    await page.getByRole('button', { name: 'Unblind the study…' }).click()
    const ending = page.getByRole('dialog', { name: 'End the blinding of the whole study?' })
    await ending.getByLabel('Reason').fill('Database locked.')
    await ending.getByRole('textbox', { name: 'Your password' }).fill(world.password)
    await ending.getByRole('button', { name: 'End the blinding' }).click()
    await expect(page.getByText(/^The study was unblinded by .*: Database locked\.$/)).toBeVisible()
    await expect(page.getByRole('button', { name: 'Unblind the study…' })).toHaveCount(0)
    await statistician.open(page, world.path('/reports/R2_BASELINE'))
    await expect(page.getByRole('article').getByRole('columnheader')).toContainText([
      'PSL + tacrolimus',
      'PSL + ciclosporin A',
    ])
    await coordinator.open(page, path)
    await expect(page.getByText(arm).first()).toBeVisible()
  } finally {
    await world.close()
  }
})

test('a reader reads an image by its key, apart from the site and from the other reader', async ({
  page,
}) => {
  const { paper, ...definition } = studyDefinition('mda5-tof-tac').definition
  const world = await World.make(definition)
  try {
    const coordinator = await world.person('coordinator')
    const { studyId } = world
    const { subjectId, subjectKey } = await coordinator.act<{
      subjectId: string
      subjectKey: string
    }>('subject.screen', {
      studyId,
      siteId: world.sites.own.siteId,
      screenedOn: '2022-01-05',
      key: newKey(),
    })
    const scan = definition.events.find(({ forms }) => forms.some(({ form }) => form === 'F_HRACQ'))
    await coordinator.act('form.save', {
      studyId,
      subjectId,
      event: scan?.oid,
      eventRepeat: 1,
      form: 'F_HRACQ',
      formRepeat: 1,
      changes: [
        { path: 'HRQUAL', from: null, to: 'Y' },
        { path: 'HRKEY', from: null, to: 'Q7T2' },
      ],
      key: newKey(),
    })

    const reader = await world.person('image-reader')
    await reader.open(page, world.path('/readings'))
    const row = page.getByRole('row').filter({ hasText: 'Q7T2' })
    await expect(row).toContainText('once all readings are complete')
    await row.getByRole('link', { name: 'Not started' }).click()
    const sheet = new Sheet(page)
    await sheet.ready()
    await expect(page.getByText('Image Q7T2').first()).toBeVisible()
    await sheet.enter('HRREADER', 'R1')
    await sheet.type('HRRDDTC', '2022-05-10')
    await sheet.enter('HRPAT', 'OP')
    await sheet.complete()
    expect(await page.content()).not.toContain(subjectKey)
    await arrive(page, world.path('/readings'))
    await expect(row.getByRole('link', { name: 'Complete' })).toBeVisible()

    // The site has neither the form nor its scores.
    await coordinator.open(page, world.path(`/subjects/${subjectKey}`))
    await expect(page.getByText('HRCT read')).toHaveCount(0)
    await arrive(page, world.path(`/subjects/${subjectKey}/LOG/F_HRREAD`))
    await expect(page.getByText('There is nothing here that you may see').first()).toBeVisible()
    expect(
      (await coordinator.attempt('ask', 'form.readings', { studyId })).code,
      'a coordinator has no work list of readers',
    ).toBe('not-allowed')
  } finally {
    await world.close()
  }
})
