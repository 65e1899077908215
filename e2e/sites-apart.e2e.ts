/** Somebody of site 03 cannot see, guess or take out anything of site 04, nor of a study he has no part in. */
import { randomUUID } from 'node:crypto'
import {
  address,
  auditCount,
  fill,
  followUp,
  newKey,
  randomisedSubject,
  screenedSubject,
} from './casework.ts'
import { csvRows, unzip } from './export-files.ts'
import { expect, test, type World } from './world.ts'

/** A subject of site 04 with everything a stranger could ask for. */
async function strangers(world: World) {
  const subject = await randomisedSubject(world, { site: 'other' })
  await followUp(world, subject, (form) => form.event === 'W4', false)
  const coordinator = await world.person('coordinator-other-site')
  await fill(world, coordinator, subject, {
    event: 'LOG',
    form: 'F_AE',
    repeat: 'new',
    values: { AEYN: 'Y', AETERM: 'Wholly secret event', AETOXGR: '3', AESER: 'N' },
  })
  const recordId = subject.records.get('W4/F_VS') as string
  const monitor = await world.person('monitor')
  const { queryId } = await monitor.act<{ queryId: string }>('query.raise', {
    studyId: world.studyId,
    recordId,
    path: 'WEIGHT',
    text: 'Wholly secret question',
    key: newKey(),
  })
  const uploaded = await coordinator.requests.post(`/api/studies/${world.study}/files`, {
    multipart: {
      subjectId: subject.subjectId,
      file: {
        name: 'scan.pdf',
        mimeType: 'application/pdf',
        buffer: Buffer.from('%PDF-1.4\nWholly secret scan\n%%EOF\n'),
      },
    },
  })
  const { fileId } = (await uploaded.json()) as { fileId: string }
  return { subject, recordId, queryId, fileId, eventId: subject.records.get('LOG/F_AE') as string }
}

const secrets = /04-001|Wholly secret|Other River/

test('pages of another site are not there, and lists do not know it', async ({ world, page }) => {
  await strangers(world)
  await screenedSubject(world, { without: ['F_IE'] })
  const coordinator = await world.person('coordinator')
  await coordinator.open(page, world.path('/subjects'))
  await expect(page.getByRole('grid').getByRole('rowheader')).toHaveText(['03-001', 'Total'])
  for (const place of [
    '',
    `/subjects`,
    `/subjects?site=${world.sites.other.siteId}`,
    '/subjects?text=04',
    '/adverse-events',
    '/queries',
    '/audit',
    '/definition',
  ]) {
    await page.goto(world.path(place))
    await expect(page.getByRole('navigation', { name: 'Study', exact: true })).toBeVisible()
    const { sites } = await coordinator
      .ask<{ studies: { sites: { code: string }[] }[] }>('session.current', {})
      .then(({ studies }) => studies[0] ?? { sites: [] })
    expect(sites.map((site) => site.code)).toEqual(['03'])
    expect(await page.content(), place).not.toMatch(secrets)
  }
  for (const place of [
    '/subjects/04-001',
    '/subjects/04-001/randomise',
    '/subjects/04-001/W4/F_VS',
    '/subjects/04-001/LOG/F_AE',
    '/subjects/04-001/LOG/F_AE-new',
    '/export',
    '/people',
    '/reports/r1_flow',
  ]) {
    await page.goto(world.path(place))
    await expect(page.locator('main')).toContainText(
      /There is nothing here that you may see|does not include this|cannot be shown/,
    )
    expect((await page.content()).replaceAll(place, ''), place).not.toMatch(
      /Wholly secret|Other River/,
    )
  }
})

test('forged ids of another site answer like ids that do not exist', async ({ world }) => {
  const { subject, recordId, queryId, fileId, eventId } = await strangers(world)
  const own = await screenedSubject(world, { without: ['F_IE', 'F_IMG'] })
  const before = await auditCount(world)
  const { studyId } = world
  const nowhere = randomUUID()
  const place = (subjectId: string) => address(world, { subjectId }, 'W4', 'F_VS')
  const weight = [{ path: 'WEIGHT', from: null, to: '50.0' }]
  /** Each question twice: once with the stranger's id, once with one that nobody has. */
  const questions: readonly (readonly ['ask' | 'act', string, (id: string) => object, string])[] = [
    ['ask', 'subject.casebook', (subjectId) => ({ studyId, subjectId }), subject.subjectId],
    [
      'ask',
      'subject.casebook',
      (subjectId) => ({ studyId, subjectId, asOf: new Date().toISOString() }),
      subject.subjectId,
    ],
    ['ask', 'subject.randomisation', (subjectId) => ({ studyId, subjectId }), subject.subjectId],
    ['ask', 'form.entry', place, subject.subjectId],
    ['ask', 'form.history', (id) => ({ studyId, recordId: id, path: 'WEIGHT' }), recordId],
    ['ask', 'query.thread', (id) => ({ studyId, queryId: id }), queryId],
    [
      'act',
      'form.save',
      (id) => ({ ...place(id), changes: weight, key: newKey() }),
      subject.subjectId,
    ],
    [
      'act',
      'form.complete',
      (id) => ({ studyId, recordId: id, revision: 1, key: newKey() }),
      recordId,
    ],
    [
      'act',
      'form.reopen',
      (id) => ({ studyId, recordId: id, reason: 'x', key: newKey() }),
      recordId,
    ],
    [
      'act',
      'form.remove',
      (id) => ({ studyId, recordId: id, reason: 'x', key: newKey() }),
      eventId,
    ],
    ['act', 'query.answer', (id) => ({ studyId, queryId: id, text: 'x', key: newKey() }), queryId],
    [
      'act',
      'subject.randomise',
      (id) => ({ studyId, subjectId: id, key: newKey() }),
      subject.subjectId,
    ],
    [
      'act',
      'subject.withdraw',
      (id) => ({ studyId, subjectId: id, on: '2026-01-06', reason: 'x', key: newKey() }),
      subject.subjectId,
    ],
    [
      'act',
      'subject.correctWithdrawal',
      (id) => ({ studyId, subjectId: id, on: null, reason: 'x', key: newKey() }),
      subject.subjectId,
    ],
    [
      'act',
      'subject.screen',
      (siteId) => ({ studyId, siteId, screenedOn: '2026-01-05', key: newKey() }),
      world.sites.other.siteId,
    ],
  ]
  for (const name of ['coordinator', 'investigator', 'monitor-one-site'] as const) {
    const person = await world.person(name)
    for (const [kind, procedure, input, id] of questions) {
      const real = await person.attempt(kind, procedure, input(id))
      const made = await person.attempt(kind, procedure, input(nowhere))
      expect(['not-found', 'not-allowed'], `${procedure}: ${real.text}`).toContain(real.code)
      if (name !== 'monitor-one-site') expect(real.code, `${name} ${procedure}`).toBe('not-found')
      expect(real, `${name} ${procedure}`).toEqual(made)
    }
    const lists: readonly (readonly [string, object])[] = [
      ['subject.find', { studyId, text: '04' }],
      ['subject.matrix', { studyId, filter: { siteId: world.sites.other.siteId } }],
      ['subject.matrix', { studyId, filter: { text: '04-001' } }],
      ['safety.adverseEvents', { studyId, siteId: world.sites.other.siteId }],
      ['safety.adverseEvents', { studyId, subjectId: subject.subjectId }],
      ['query.inbox', { studyId, subjectId: subject.subjectId }],
      ['query.inbox', { studyId, text: 'secret' }],
      ['form.log', { studyId, form: 'F_AE', siteId: world.sites.other.siteId }],
      ['audit.trail', { studyId, subjectId: subject.subjectId }],
      ['audit.trail', { studyId, siteId: world.sites.other.siteId }],
      ['audit.trail', { studyId, limit: 100 }],
      ['study.home', { studyId }],
      ['site.list', { studyId }],
    ]
    for (const [procedure, input] of lists) {
      const { text } = await person.attempt('ask', procedure, input)
      expect(text, `${name} ${procedure}`).not.toMatch(secrets)
      for (const id of [subject.subjectId, recordId, queryId, eventId])
        expect(text, `${name} ${procedure}`).not.toContain(id)
    }
    for (const id of [fileId, nowhere]) {
      const file = await person.requests.get(`/api/studies/${world.study}/files/${id}`)
      expect(file.status(), `${name} file`).toBe(404)
      expect(await file.text()).not.toMatch(secrets)
    }
  }

  // A file of site 04 cannot be taken over by naming it as a value at site 03, nor put there.
  const coordinator = await world.person('coordinator')
  const taken = await coordinator.attempt('act', 'form.save', {
    ...address(world, own, 'SCR', 'F_IMG'),
    changes: [{ path: 'IMGFILE', from: null, to: fileId }],
    key: newKey(),
  })
  expect(taken.text).toMatch(/"refused":\[\{"path":"IMGFILE"|"place":"IMGFILE"|not-found/)
  const upload = await coordinator.requests.post(`/api/studies/${world.study}/files`, {
    multipart: {
      subjectId: subject.subjectId,
      file: { name: 'a.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4\n%%EOF') },
    },
  })
  expect(upload.status()).toBe(404)
  const after = await auditCount(world)
  expect(after).toBe(before)
})

test('the export of a monitor of one site holds that site alone', async ({ world }) => {
  const { subject } = await strangers(world)
  const own = await screenedSubject(world, { without: ['F_IE'] })
  const monitor = await world.person('monitor-one-site')
  const response = await monitor.requests.get(`/api/studies/${world.studyId}/export.zip`)
  expect(response.status()).toBe(200)
  const files = unzip(await response.body())
  for (const [name, content] of files) {
    const text = content.toString('utf8')
    expect(text, name).not.toMatch(secrets)
    expect(text, name).not.toContain(subject.subjectId)
  }
  expect(csvRows(files.get('F_DM.csv')?.toString('utf8') ?? '').map((row) => row.SUBJECT)).toEqual([
    own.subjectKey,
  ])
  const preview = await monitor.attempt('ask', 'export.preview', {
    studyId: world.studyId,
    form: 'F_VS',
  })
  expect(preview.text).toContain('03-001')
  expect(preview.text).not.toMatch(secrets)
  const coordinator = await world.person('coordinator')
  const refused = await coordinator.requests.get(`/api/studies/${world.studyId}/export.zip`)
  expect(refused.status()).toBe(403)
})

test('a study without a part in it does not exist', async ({ world, page }) => {
  const { rows } = await world.ownerPool.query<{
    studyId: string
    subjectId: string
    siteId: string
  }>(
    `select b.study_id as "studyId", b.subject_id as "subjectId", b.site_id as "siteId"
     from casebook.subject b join casebook.study s on s.study_id = b.study_id
     where s.oid = 'TACCSA' order by b.subject_key limit 1`,
  )
  const other = rows[0] as { studyId: string; subjectId: string; siteId: string }
  for (const name of ['coordinator', 'monitor', 'study-administrator'] as const) {
    const person = await world.person(name)
    const { studyId, subjectId, siteId } = other
    const answers = [
      await person.attempt('ask', 'subject.matrix', { studyId }),
      await person.attempt('ask', 'subject.casebook', { studyId, subjectId }),
      await person.attempt('ask', 'study.definition', { studyId }),
      await person.attempt('ask', 'audit.trail', { studyId }),
      await person.attempt('ask', 'subject.casebook', { studyId: world.studyId, subjectId }),
      await person.attempt('act', 'subject.screen', {
        studyId,
        siteId,
        screenedOn: '2026-01-05',
        key: newKey(),
      }),
      await person.attempt('act', 'subject.screen', {
        studyId: world.studyId,
        siteId,
        screenedOn: '2026-01-05',
        key: newKey(),
      }),
    ]
    for (const answer of answers) {
      expect(['not-found', 'not-allowed'], `${name} ${answer.text}`).toContain(answer.code)
      expect(answer.text).not.toMatch(/TACCSA|Hamamatsu/)
    }
    expect(answers.slice(0, 4).map((answer) => answer.code)).toEqual(Array(4).fill('not-found'))
    const zip = await person.requests.get(`/api/studies/${studyId}/export.zip`)
    expect(zip.status()).toBe(404)
  }
  const coordinator = await world.person('coordinator')
  await coordinator.open(page, '/studies/taccsa/subjects')
  await expect(page.getByText('There is nothing here that you may see')).toBeVisible()
})
