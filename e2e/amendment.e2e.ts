/** An amendment from publishing to the site: what it changes, whose signatures fall, the migration, and what the investigator finds. */
import { aGrant } from '#db/seed/build.ts'
import { definitionFiles } from '#studies/demo/definition-files.ts'
import { entry, followUp, randomisedSubject, screenedSubject } from './casework.ts'
import { arrive, awake, expect, test, type World } from './world.ts'

/** The trial with one question more before eligibility, and the pulse under another name. */
function amendedFiles(world: World): { name: string; text: string }[] {
  const replaced = (text: string, from: string, to: string) => {
    if (!text.includes(from)) throw new Error(`The study has no “${from}” to amend`)
    return text.replace(from, to)
  }
  return definitionFiles('tac-csa-rct', { asDemo: false }).own.map(({ path, text }) => {
    let changed = text
    if (path === 'study.yaml') {
      changed = replaced(changed, 'oid: TACCSA', `oid: ${world.study.toUpperCase()}`)
      changed = replaced(changed, "version: '1.0'\nlanguages", "version: '2.0'\nlanguages")
      changed = replaced(changed, "value: '2018-03-31'", "value: '2099-12-31'")
    }
    if (path === 'forms.yaml') {
      changed = replaced(
        changed,
        '- use: F_VS\n',
        `- use: F_VS
  hide: [PULSE]
  add:
    - { after: DIABP, oid: HEARTRT, renamedFrom: PULSE, label: { en: Heart rate, ja: 心拍数, zh: 心率 }, type: integer, length: 3, unit: /min, soft: [45, 140], hard: [20, 250] }
`,
      )
      changed = replaced(
        changed,
        '- use: F_IE\n',
        `- use: F_IE
  add:
    - { group: IEH, oid: IETALK, label: { en: Discussed with a second physician, ja: 他の医師と協議, zh: 与另一位医师讨论 }, type: code, codeList: CL_NY, required: true }
`,
      )
    }
    return { name: path, text: changed }
  })
}

test('a second version is published, its impact seen, a site migrated, and the investigator finds the fallen signature', async ({
  world,
  page,
}) => {
  const subject = await randomisedSubject(world)
  await followUp(world, subject, (form) => form.event === 'W4' && form.form === 'F_VS')
  await screenedSubject(world, { without: ['F_IE'] })
  // Who manages the data of this study also publishes its versions.
  const manager = await world.person('data-manager')
  const { rows } = await world.ownerPool.query(
    'select user_id as id from casebook.app_user where user_name = $1',
    [world.account('data-manager').userName],
  )
  await aGrant(world.ownerPool, {
    studyId: world.studyId,
    userId: (rows[0] as { id: string }).id,
    role: 'study-administrator',
  })

  // The files are checked first, and what they change is told in words; then they are published.
  await manager.open(page, world.path('/definition?view=publish'))
  await page.getByLabel('Files of the definition').setInputFiles(
    amendedFiles(world).map(({ name, text }) => ({
      name: name.slice(name.lastIndexOf('/') + 1),
      mimeType: 'application/yaml',
      buffer: Buffer.from(text),
    })),
  )
  await page.getByRole('button', { name: 'Check only' }).click()
  await expect(page.getByText('Nothing stands in the way of publishing.')).toBeVisible()
  await expect(page.getByRole('heading', { name: 'Changes to version 1' })).toBeVisible()
  await expect(
    page.getByText('The item Heart rate (F_VS.HEARTRT) was PULSE; stored values are carried over.'),
  ).toBeVisible()
  await page.getByRole('button', { name: 'Check and publish' }).click()
  await expect(page.getByText('Version 2 is published.')).toBeVisible()

  // Nothing moves by publishing: the signature stands, the form reads its old item.
  const investigator = await world.person('investigator')
  const before = await entry(world, investigator, subject.subjectId, 'W4', 'F_VS')
  expect(before.record.data.PULSE).toBeDefined()

  // The page of the amendment: the site approves, the impact names the signature first.
  await arrive(page, world.path('/definition?view=versions'))
  await page.getByRole('link', { name: /^Sites and subjects/ }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Amendment' })).toBeVisible()
  await awake(page)
  const site = page.getByRole('row', { name: /Shizuoka General Hospital/ })
  await expect(site).toContainText('not approved yet')
  await site.getByRole('button', { name: 'Record approval' }).click()
  const approval = page.getByRole('dialog')
  await approval.getByLabel('Approved on').fill('2026-01-10')
  await approval.getByLabel('Go-live on').fill('2026-01-20')
  await approval.getByLabel('Reason').fill('Approved by the ethics committee of the hospital')
  await approval.getByRole('button', { name: 'Record approval' }).click()
  await expect(site).toContainText('approved 10 Jan 2026, go-live 20 Jan 2026')
  await page.getByRole('button', { name: 'Work out the impact' }).click()
  const falling = page.getByRole('region', { name: /Signatures that fall/ }).getByRole('table')
  await expect(falling.getByRole('row')).toHaveCount(2)
  await expect(falling).toContainText(subject.subjectKey)
  await expect(falling).toContainText('Eligibility')
  await expect(falling).toContainText(world.account('investigator').displayName)
  await expect(falling).toContainText('a newly required item is empty')
  await falling.getByRole('link', { name: subject.subjectKey }).click()
  await expect(page.getByRole('heading', { name: `Impact on ${subject.subjectKey}` })).toBeVisible()
  await expect(page.getByRole('region', { name: 'Week 4 · Vital signs and oxygen' })).toContainText(
    'PULSE → HEARTRT',
  )
  await page.goBack()
  await awake(page)

  // The migration runs in the background, and is seen to be done.
  await page.getByRole('button', { name: 'Migrate subjects…' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByRole('checkbox')).toHaveCount(1)
  await dialog.getByLabel('Reason').fill('Protocol amendment 1')
  await dialog.getByRole('button', { name: 'Start migration' }).click()
  const migrations = page.getByRole('region', { name: 'Migrations' })
  await expect(migrations.getByText('done', { exact: true })).toBeVisible()
  await expect(migrations).toContainText('2 of 2 subjects')
  await expect(site).toContainText('2 on 2')

  // The investigator: the form is open again, the signature has fallen, the renamed item has its value and its history.
  await investigator.open(page, world.path(`/subjects/${subject.subjectKey}/SCR/F_IE`))
  await expect(page.getByText('Discussed with a second physician', { exact: true })).toBeVisible()
  await expect(
    page.getByText(/no longer stands\. Study version 2: a newly required item/),
  ).toBeVisible()
  const fallen = await investigator.ask<{
    signature: { valid: boolean } | null
    record: { state: string }
  }>('form.entry', {
    studyId: world.studyId,
    subjectId: subject.subjectId,
    event: 'SCR',
    eventRepeat: 1,
    form: 'F_IE',
    formRepeat: 1,
  })
  expect(fallen.signature?.valid).toBe(false)
  expect(fallen.record.state).toBe('inProgress')
  const after = await entry(world, investigator, subject.subjectId, 'W4', 'F_VS')
  expect(after.record.data.HEARTRT).toEqual(before.record.data.PULSE)
  expect(after.record.data.PULSE).toBeUndefined()
  const history = await investigator.ask<{ path: string; reason: string | null }[]>(
    'form.history',
    {
      studyId: world.studyId,
      recordId: after.record.recordId,
      path: 'HEARTRT',
    },
  )
  expect(history.map(({ path }) => path)).toEqual(['HEARTRT', 'PULSE'])
  expect(history[0]?.reason).toBe('Protocol amendment 1')
})
