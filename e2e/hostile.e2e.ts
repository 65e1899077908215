/** Bad input of every kind: a clear problem with its place, nothing half written, nothing internal in the answer. */
import { randomUUID } from 'node:crypto'
import type { SaveResult } from '#domain/casebook/views.ts'
import {
  address,
  auditCount,
  newKey,
  randomisedSubject,
  screenedSubject,
  signEligibility,
} from './casework.ts'
import { expect, test } from './world.ts'

/** What no answer may hold: SQL, tables, source places, stack traces, names of what stands behind. */
const internals =
  /\bselect |\binsert into|\bupdate casebook|casebook\.\w|\ballocation\.\w+ |\n\s+at |node_modules|\.tsx?:\d|postgres|pg_|relation "|syntax error|ECONN|drizzle|zod/i

test('values that cannot be are refused at their place and nothing is written', async ({
  world,
}) => {
  const subject = await screenedSubject(world, { without: ['F_VS', 'F_SV', 'F_IE', 'F_SU'] })
  const coordinator = await world.person('coordinator')
  const save = (event: string, form: string, changes: unknown, more = {}) =>
    coordinator.attempt('act', 'form.save', {
      ...address(world, subject, event, form),
      changes,
      key: newKey(),
      ...more,
    })
  const change = (path: string, to: unknown) => [{ path, from: null, to }]
  await save('SCR', 'F_VS', change('VSPERF', 'Y'))
  await save('SCR', 'F_SV', change('SVOCCUR', 'Y'))
  const before = await auditCount(world)

  const refused: readonly (readonly [string, string, unknown, string])[] = [
    ['F_VS', 'WEIGHT', 'heavy', 'wrong-type'],
    ['F_VS', 'WEIGHT', '61.55', 'wrong-type'],
    ['F_VS', 'WEIGHT', ['61'], 'wrong-type'],
    ['F_VS', 'WEIGHT', '5000', 'outside-hard-limits'],
    ['F_VS', 'WEIGHT', '-3', 'outside-hard-limits'],
    ['F_VS', 'TEMP', '44.0', 'outside-hard-limits'],
    ['F_VS', 'SYSBP', '120.5', 'wrong-type'],
    ['F_VS', 'O2SUPP', 'PERHAPS', 'code-not-in-list'],
    ['F_VS', 'O2SUPP', '<script>alert(1)</script>', 'code-not-in-list'],
    ['F_VS', 'WEIGHT', { missing: 'NASK' }, 'wrong-type'],
    ['F_VS', 'NOSUCHITEM', '1', 'unknown-item'],
    ['F_VS', 'VS[X].WEIGHT', '60', 'unknown-item'],
    ['F_VS', 'BMI', '20', 'item-not-open'],
    ['F_VS', 'OXYFLOW', '2', 'item-not-open'],
    ['F_SV', 'SVSTDTC', '2099-01-01', 'future-date'],
    ['F_SV', 'SVSTDTC', '2026-02-30', 'wrong-type'],
    ['F_SV', 'SVSTDTC', '03/04/2026', 'wrong-type'],
  ]
  for (const [form, path, to, code] of refused) {
    const answer = await save('SCR', form, change(path, to))
    const result = JSON.parse(answer.text) as {
      result?: { data: SaveResult }
      error?: { data: { problem: { code: string; place?: string } } }
    }
    const problem = result.result?.data.refused[0]?.problem ?? result.error?.data.problem
    const place = result.result?.data.refused[0]?.path ?? result.error?.data.problem.place
    expect.soft(problem?.code, `${path} = ${JSON.stringify(to)}: ${answer.text}`).toBe(code)
    expect(place).toBe(path)
    expect(answer.text).not.toMatch(internals)
  }

  // On a form that holds nothing yet the refusal comes instead of a record.
  const thrown: readonly (readonly [string, string, string, unknown, string, string | null])[] = [
    ['SCR', 'F_SU', 'SUSTAT', 'SOMETIMES', 'code-not-in-list', 'SUSTAT'],
    ['SCR', 'F_NOPE', 'WEIGHT', '60', 'not-found', null],
    ['W99', 'F_VS', 'WEIGHT', '60', 'not-found', null],
    ['W4', 'F_IE', 'EXPREG', 'N', 'not-found', null],
    ['W0', 'F_RAND', 'ARMCD', 'TAC', 'form-not-editable', null],
  ]
  for (const [event, form, path, to, code, place] of thrown) {
    const answer = await save(event, form, change(path, to))
    expect.soft(answer.code, `${event}/${form} ${path}: ${answer.text}`).toBe(code)
    expect(answer.place, `${event}/${form} ${path}`).toBe(place)
    expect(answer.text).not.toMatch(internals)
  }
  expect(await auditCount(world)).toBe(before)
})

test('requests that are malformed, forged or too large are refused with their place', async ({
  world,
}) => {
  const subject = await screenedSubject(world, { without: ['F_VS', 'F_IE'] })
  const coordinator = await world.person('coordinator')
  const good = {
    ...address(world, subject, 'SCR', 'F_VS'),
    changes: [{ path: 'WEIGHT', from: null, to: '61.0' }],
    key: newKey(),
  }
  const before = await auditCount(world)
  const wrong: readonly (readonly [string, object, string, string | null])[] = [
    ['form.save', { ...good, studyId: 'taccsa' }, 'not-found', null],
    ['form.save', { ...good, studyId: randomUUID() }, 'not-found', null],
    ['form.save', { ...good, subjectId: randomUUID() }, 'not-found', null],
    ['form.save', { ...good, subjectId: "' or true --" }, 'invalid-input', 'subjectId'],
    ['form.save', { ...good, form: 'F_VS; drop' }, 'invalid-input', 'form'],
    ['form.save', { ...good, eventRepeat: -1 }, 'invalid-input', 'eventRepeat'],
    ['form.save', { ...good, eventRepeat: 1.5 }, 'invalid-input', 'eventRepeat'],
    ['form.save', { ...good, changes: [] }, 'invalid-input', 'changes'],
    ['form.save', { ...good, changes: 'all' }, 'invalid-input', 'changes'],
    ['form.save', { ...good, key: 'again' }, 'invalid-input', 'key'],
    ['form.save', { ...good, isAdministrator: true }, 'invalid-input', null],
    ['form.save', {}, 'not-found', null],
    [
      'form.save',
      { ...good, changes: [{ path: '__proto__', from: null, to: '1' }] },
      'invalid-input',
      'changes.0.path',
    ],
    [
      'form.save',
      { ...good, changes: [{ path: 'WEIGHT', from: null, to: 'a\u0000b' }] },
      'invalid-input',
      'changes.0.to',
    ],
    [
      'subject.screen',
      { studyId: world.studyId, siteId: randomUUID(), screenedOn: '2026-01-05', key: newKey() },
      'not-found',
      null,
    ],
    [
      'subject.screen',
      {
        studyId: world.studyId,
        siteId: world.sites.own.siteId,
        screenedOn: '2026-13-45',
        key: newKey(),
      },
      'invalid-input',
      'screenedOn',
    ],
    [
      'subject.screen',
      {
        studyId: world.studyId,
        siteId: world.sites.own.siteId,
        screenedOn: '2099-01-01',
        key: newKey(),
      },
      'future-date',
      'screenedOn',
    ],
  ]
  for (const [procedure, input, code, place] of wrong) {
    const answer = await coordinator.attempt('act', procedure, input)
    const what = `${procedure} ${JSON.stringify(input)}: ${answer.text}`
    expect.soft(answer.code, what).toBe(code)
    if (place !== null) expect.soft(answer.place, what).toBe(place)
    expect(answer.text).not.toMatch(internals)
  }

  // Below the procedures: broken JSON, unknown names, another method, another origin, no session, a body without end.
  const { requests } = coordinator
  const json = { 'content-type': 'application/json' }
  const raw = [
    {
      answer: await requests.post('/api/trpc/form.save', {
        data: Buffer.from('{"a":'),
        headers: json,
      }),
      is: [400, 422],
    },
    { answer: await requests.post('/api/trpc/form.drop', { data: {} }), is: [404] },
    { answer: await requests.get('/api/trpc/form.save'), is: [404, 405] },
    {
      answer: await requests.post('/api/trpc/form.save', {
        data: good,
        headers: { origin: 'https://elsewhere.example' },
      }),
      is: [403],
    },
    {
      answer: await requests.post('/api/trpc/form.save', {
        data: { ...good, changes: [{ path: 'WEIGHT', from: null, to: 'x'.repeat(1_200_000) }] },
      }),
      is: [413],
    },
    {
      answer: await requests.get(`/api/studies/${world.study}/files/..%2f..%2fetc`),
      is: [404, 422],
    },
    { answer: await requests.get(`/api/studies/nothing/export.zip`), is: [404] },
  ]
  for (const { answer, is } of raw) {
    expect.soft(is, `${answer.url()} ${await answer.text()}`).toContain(answer.status())
    expect(await answer.text()).not.toMatch(internals)
  }
  const nobody = await fetch(`${world.baseUrl}/api/trpc/form.save`, {
    method: 'POST',
    headers: json,
    body: JSON.stringify(good),
  })
  expect(nobody.status).toBe(401)
  expect(await nobody.text()).toContain('not-signed-in')
  expect(await auditCount(world)).toBe(before)

  // Words that look like SQL are words.
  for (const text of ["'; drop table subject; --", '%', '\\', '_']) {
    const found = await coordinator.attempt('ask', 'subject.find', { studyId: world.studyId, text })
    expect(found.status, found.text).toBe(200)
    expect(found.text).not.toContain(subject.subjectKey)
  }
})

test('stale and replayed requests write once or not at all', async ({ world }) => {
  const subject = await randomisedSubject(world)
  const coordinator = await world.person('coordinator')
  const place = address(world, subject, 'W4', 'F_VS')
  const request = {
    ...place,
    changes: [{ path: 'VSPERF', from: null, to: 'Y' }],
    key: newKey(),
  }
  const first = await coordinator.act<SaveResult>('form.save', request)
  const before = await auditCount(world)

  // The same request again, also many at once: the first answer, and nothing new.
  const answers = await Promise.all(
    Array.from({ length: 5 }, () => coordinator.act<SaveResult>('form.save', request)),
  )
  for (const answer of answers) expect(answer).toEqual(first)
  expect(await auditCount(world)).toBe(before)

  // What was typed over an old state.
  await coordinator.act('form.save', {
    ...place,
    changes: [{ path: 'WEIGHT', from: null, to: '60.0' }],
    key: newKey(),
  })
  const late = await coordinator.act<SaveResult>('form.save', {
    ...place,
    changes: [{ path: 'WEIGHT', from: null, to: '66.0' }],
    key: newKey(),
  })
  expect(late.conflicts).toMatchObject([{ path: 'WEIGHT', mine: '66.0', theirs: '60.0' }])
  expect(late.data).toMatchObject({ WEIGHT: '60.0' })
  const overwritten = await coordinator.act<SaveResult>('form.save', {
    ...place,
    changes: [{ path: 'WEIGHT', from: '60.0', to: '66.0' }],
    key: newKey(),
  })
  expect(overwritten.refused).toMatchObject([
    { path: 'WEIGHT', problem: { code: 'reason-required' } },
  ])
  const stale = await coordinator.attempt('act', 'form.complete', {
    studyId: world.studyId,
    recordId: first.recordId,
    revision: first.revision,
    key: newKey(),
  })
  expect(stale.code).toBe('record-changed-meanwhile')
  expect(stale.text).not.toMatch(internals)

  // Five people press Randomise at once: one allocation.
  const next = await screenedSubject(world)
  await signEligibility(world, next)
  const tries = await Promise.all(
    Array.from({ length: 5 }, () =>
      coordinator.attempt('act', 'subject.randomise', {
        studyId: world.studyId,
        subjectId: next.subjectId,
        key: newKey(),
      }),
    ),
  )
  expect(tries.map((one) => one.code).sort()).toEqual([
    'already-randomised',
    'already-randomised',
    'already-randomised',
    'already-randomised',
    null,
  ])
  const { rows } = await world.ownerPool.query(
    'select 1 from casebook.allocation_issued where study_id = $1',
    [world.studyId],
  )
  expect(rows).toHaveLength(2)
})

test('a definition that is wrong is told by file and line, and is not published', async ({
  world,
}) => {
  const administrator = await world.person('study-administrator')
  const before = await auditCount(world)
  const publish = (text: string, path = 'study.yaml') =>
    administrator.act<{
      number: number | null
      findings: { severity: string; message: string; file: string | null; line: number | null }[]
    }>('study.publish', { studyId: world.studyId, files: [{ path, text }], key: newKey() })

  const broken = await publish('oid: J1\nname: { en: [unclosed\nversion: 1\n')
  expect(broken.number).toBeNull()
  expect(broken.findings[0]).toMatchObject({ severity: 'error', file: 'study.yaml' })
  expect(broken.findings[0]?.line).toBeGreaterThan(0)

  const bomb = await publish(
    `a: &a [x, x, x, x, x, x, x, x, x]\n${'bcdefghij'
      .split('')
      .map((name, at) => `${name}: &${name} [${Array(9).fill(`*${'abcdefghi'[at]}`).join(', ')}]`)
      .join('\n')}\n`,
  )
  expect(bomb.number).toBeNull()
  expect(bomb.findings.some((finding) => finding.severity === 'error')).toBe(true)

  const typo = await publish('oid: J1\nnaem: { en: A study }\nversion: "1"\nlanguages: [en]\n')
  expect(typo.number).toBeNull()
  expect(typo.findings.map((finding) => finding.message).join()).toContain('naem')
  expect(typo.findings.find((finding) => finding.message.includes('naem'))?.line).toBe(2)

  for (const answer of [broken, bomb, typo]) expect(JSON.stringify(answer)).not.toMatch(internals)
  const away = await administrator.attempt('act', 'study.publish', {
    studyId: world.studyId,
    files: [{ path: '../../etc/passwd', text: 'x' }],
    key: newKey(),
  })
  expect(away.text).not.toMatch(internals)
  const { rows } = await world.ownerPool.query(
    'select 1 from casebook.study_version where study_id = $1',
    [world.studyId],
  )
  expect(rows).toHaveLength(1)
  expect(await auditCount(world)).toBe(before)
  const coordinator = await world.person('coordinator')
  const mayNot = await coordinator.attempt('act', 'study.publish', {
    studyId: world.studyId,
    files: [{ path: 'study.yaml', text: 'oid: J1' }],
    key: newKey(),
  })
  expect(mayNot.code).toBe('not-allowed')
})
