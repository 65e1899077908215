import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { PassThrough, Writable } from 'node:stream'
import { inflateRawSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { asSystem } from '#db/seed/build.ts'
import type { Person } from '../actor.ts'
import { auditTrail } from '../audit/reads.ts'
import { removeForm } from '../form/remove-form.ts'
import { fixtureDefinition } from '../testing/fixture-definition.ts'
import { aScreenedSubject, aWorld, key, save, values, type World } from '../testing/world.ts'
import { beginExport, exportTo } from './export-study.ts'
import { exportHistory, exportPreview } from './reads.ts'
import { exportResponse } from './response.ts'

let world: World
let subjectKey: string
let otherKey: string
const note = '=HYPERLINK("http://evil"),x'

beforeAll(async () => {
  world = await aWorld()
  const subject = await aScreenedSubject(world)
  const { subjectId } = subject
  subjectKey = subject.subjectKey
  otherKey = (await aScreenedSubject(world, world.otherSiteId)).subjectKey
  await save(
    world,
    { subjectId, event: 'W0', form: 'F_VS' },
    values({ WEIGHT: '70.50', HEIGHT: '175', O2: 'Y', SYS: { missing: 'ND' } }),
  )
  await save(world, { subjectId, event: 'SCR', form: 'F_SUBJ' }, values({ NOTE: note }))
  await save(world, { subjectId, event: 'W4', form: 'F_LB' }, values({ 'LB[CREAT].LBORRES': '80' }))
  const ae = { subjectId, event: 'LOG', form: 'F_AE', formRepeat: null }
  await save(world, ae, values({ AETERM: 'Line one\nline "two"' }))
  const gone = await save(world, ae, values({ AETERM: 'Removed' }))
  await removeForm.execute(world.people.coordinator, {
    studyId: world.studyId,
    recordId: gone.recordId,
    reason: 'not an event',
    key: key(),
  })
})
afterAll(() => world.end())

async function download(actor: Person, options = {}) {
  const parts: Buffer[] = []
  const sink = new Writable({
    write(chunk, _, done) {
      parts.push(chunk)
      done()
    },
  })
  const told = await exportTo(sink).execute(actor, { studyId: world.studyId, ...options })
  const bytes = Buffer.concat(parts)
  return { told, bytes, files: unzip(bytes) }
}

/** Entries by name, from the central directory. */
function unzip(bytes: Buffer): Record<string, string> {
  const files: Record<string, string> = {}
  let at = bytes.readUInt32LE(bytes.length - 22 + 16)
  while (bytes.readUInt32LE(at) === 0x02014b50) {
    const size = bytes.readUInt32LE(at + 20)
    const nameLength = bytes.readUInt16LE(at + 28)
    const extra = bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32)
    const local = bytes.readUInt32LE(at + 42)
    const name = bytes.subarray(at + 46, at + 46 + nameLength).toString()
    const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28)
    files[name] = inflateRawSync(bytes.subarray(start, start + size)).toString('utf8')
    at += 46 + nameLength + extra
  }
  return files
}

/** RFC 4180 back to cells. */
function cellsOf(text: string): string[][] {
  const rows: string[][] = [[]]
  let cell = ''
  let quoted = false
  for (let at = 0; at < text.length; at += 1) {
    const mark = text[at]
    if (quoted) {
      if (mark === '"' && text[at + 1] === '"') {
        cell += '"'
        at += 1
      } else if (mark === '"') quoted = false
      else cell += mark
    } else if (mark === '"') quoted = true
    else if (mark === ',' || mark === '\r') {
      rows.at(-1)?.push(cell)
      cell = ''
      if (mark === '\r') {
        rows.push([])
        at += 1
      }
    } else cell += mark
  }
  return rows.slice(0, -1)
}
const table = (text: string) => {
  const [head = [], ...rows] = cellsOf(text)
  return rows.map((row) => Object.fromEntries(head.map((name, at) => [name, row[at] ?? ''])))
}

describe('the export', () => {
  it('holds a file for every form, the data dictionary and a page to read', async () => {
    const { files } = await download(world.people.monitor)
    expect(Object.keys(files).sort()).toEqual(
      [
        'README.txt',
        'data-dictionary.csv',
        ...['AE', 'DOSE', 'DX', 'ICF', 'LB', 'RAND', 'SUBJ', 'SV', 'VS'].map((n) => `F_${n}.csv`),
      ].sort(),
    )
    expect(files['README.txt']).toContain('Sites: 01\n')
  })

  it('has values as typed and as derived, labels of codes and reasons of what is missing', async () => {
    const { files } = await download(world.people.monitor)
    expect(table(files['F_VS.csv'] as string)).toMatchObject([
      {
        SUBJECT: subjectKey,
        SITE: '01',
        EVENT: 'W0',
        WEIGHT: '70.50',
        BMI: '23.0',
        O2: 'Y',
        O2_LABEL: 'Yes',
        SYS: '',
        SYS_MISSING: 'ND',
        FLOW: '',
        FLOW_MISSING: '',
      },
    ])
    expect(table(files['F_LB.csv'] as string)).toMatchObject([
      { ROW: 'CREAT', LBTESTCD: 'CREAT', LBTESTCD_LABEL: 'Creatinine', LBORRES: '80' },
    ])
  })

  it('keeps line breaks and quotes, leaves removed forms out, and defuses formulas reversibly', async () => {
    const { files } = await download(world.people.monitor)
    expect(table(files['F_AE.csv'] as string).map((row) => row.AETERM)).toEqual([
      'Line one\nline "two"',
    ])
    const [row] = table(files['F_SUBJ.csv'] as string)
    expect(row?.NOTE).toBe(`'${note}`)
    expect(row?.NOTE?.replace(/^'/, '')).toBe(note)
  })

  it('reaches no further than the sites of the reader', async () => {
    const narrow = await download(world.people.monitor)
    const wide = await download(await world.person('monitor', 'study'))
    const subjects = (files: Record<string, string>) =>
      table(files['F_SUBJ.csv'] as string).map((row) => row.SUBJECT)
    expect(subjects(narrow.files)).toEqual([subjectKey])
    expect(subjects(wide.files)).toEqual([subjectKey, otherKey])
  })

  it('is logged with the hash of exactly what was sent, and its beginning in the audit trail', async () => {
    const actor = world.people.statistician
    const response = await exportResponse(actor, { studyId: world.studyId, bom: true })
    const bytes = Buffer.from(await response.arrayBuffer())
    expect(unzip(bytes)['F_VS.csv']?.startsWith('\uFEFFSUBJECT,')).toBe(true)
    let [row] = await exportHistory.execute(actor, { studyId: world.studyId })
    for (let wait = 0; row?.who !== actor.displayName && wait < 50; wait += 1) {
      await new Promise((resolve) => setTimeout(resolve, 20))
      row = (await exportHistory.execute(actor, { studyId: world.studyId }))[0]
    }
    expect(row).toMatchObject({
      who: actor.displayName,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      bytes: bytes.length,
      studyVersion: 1,
    })
    const trail = await auditTrail.execute(world.people.auditor, {
      studyId: world.studyId,
      action: 'export.begin',
    })
    expect(trail.rows.map(({ who }) => who)).toContain(actor.displayName)
  })

  it('that is broken off by the reader is no row of the log, and holds no connection', async () => {
    const before = await exportHistory.execute(world.people.monitor, { studyId: world.studyId })
    const sink = new PassThrough({ highWaterMark: 1 })
    const going = exportTo(sink).execute(world.people.monitor, { studyId: world.studyId })
    sink.destroy()
    await expect(going).rejects.toMatchObject({ name: 'Problem' })
    const after = await exportHistory.execute(world.people.monitor, { studyId: world.studyId })
    expect(after).toHaveLength(before.length)
    expect(world.database.pool.totalCount - world.database.pool.idleCount).toBe(0)
  })

  it('goes on while others begin and end theirs, and each is in the log', async () => {
    const slow = world.people.monitor
    const logged = async () =>
      (await exportHistory.execute(slow, { studyId: world.studyId })).length
    const before = await logged()
    const sink = new PassThrough({ highWaterMark: 1 })
    const going = exportTo(sink).execute(slow, { studyId: world.studyId })
    // Its first byte is out, so its snapshot is taken; nobody reads on.
    await once(sink, 'readable')
    await beginExport.execute(world.people.statistician, { studyId: world.studyId })
    await download(world.people.statistician)
    sink.resume()
    expect((await going).bytes).toBeGreaterThan(0)
    await Promise.all([slow, world.people.statistician, slow].map((actor) => download(actor)))
    expect(await logged()).toBe(before + 5)
  })

  it('is told in the log with the moment of its data', async () => {
    const sink = new PassThrough({ highWaterMark: 1 })
    const going = exportTo(sink).execute(world.people.monitor, { studyId: world.studyId })
    await once(sink, 'readable')
    const { subjectId } = await aScreenedSubject(world)
    expect(subjectId).toBeTruthy()
    const [screened] = await world.database.ownerPool
      .query<{ at: string }>(`select casebook.instant() as at`)
      .then(({ rows }) => rows)
    sink.resume()
    await going
    const [row] = await exportHistory.execute(world.people.monitor, { studyId: world.studyId })
    expect(Date.parse(row?.at as string)).toBeLessThan(Date.parse(screened?.at as string))
    const { told } = await download(world.people.monitor)
    const [last] = await exportHistory.execute(world.people.monitor, { studyId: world.studyId })
    expect(last).toMatchObject({ sha256: told.sha256, subjects: (row?.subjects ?? 0) + 1 })
  })

  it('keeps the values of items that a newer version no longer has', async () => {
    const narrower = {
      ...fixtureDefinition,
      version: '2.0',
      forms: fixtureDefinition.forms.map((form) => ({
        ...form,
        groups: form.groups.map((group) => ({
          ...group,
          items: group.items.filter(({ oid }) => oid !== 'HEIGHT'),
        })),
      })),
    }
    await asSystem(world.database.ownerPool, { studyId: world.studyId }, (tx) =>
      tx.query(
        `insert into casebook.study_version (study_id, number, label, hash, definition)
         values ($1, 2, '2.0', $2, $3)`,
        [world.studyId, 'a'.repeat(64), JSON.stringify(narrower)],
      ),
    )
    const { files } = await download(world.people.monitor)
    expect(table(files['F_VS.csv'] as string)[0]).toMatchObject({
      STUDY_VERSION: '1',
      HEIGHT: '175',
    })
    expect(table(files['data-dictionary.csv'] as string).map((row) => row.COLUMN)).toContain(
      'HEIGHT',
    )
  })

  it('looks beforehand exactly like the file', async () => {
    const { files } = await download(world.people.monitor)
    const preview = await exportPreview.execute(world.people.monitor, {
      studyId: world.studyId,
      form: 'F_VS',
    })
    expect([preview.columns, ...preview.rows]).toEqual(cellsOf(files['F_VS.csv'] as string))
  })
})
