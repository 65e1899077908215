import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Problem } from '#domain/problem.ts'
import { logLine } from './log.ts'
import { databaseError, isRetryable, toProblem } from './problem.ts'

let printed = ''
beforeEach(() => {
  printed = ''
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text)
    return true
  })
})
afterEach(() => {
  vi.restoreAllMocks()
})

const fromDatabase = (code: string, extra: object = {}) =>
  Object.assign(new Error('duplicate key (name)=(Hanako Yamada)'), { code, ...extra })

describe('the translator of failures', () => {
  it('lets a problem pass as it is', () => {
    const problem = new Problem('consent-missing')
    expect(toProblem(problem)).toBe(problem)
  })

  it.each([
    ['CB001', 'list-exhausted'],
    ['CB002', 'randomisation-closed'],
    ['CB003', 'already-randomised'],
    ['CB004', 'randomisation-closed'],
    ['CB005', 'list-frozen'],
    ['CB006', 'not-allowed'],
    ['CB010', 'reason-required'],
    ['P0002', 'not-found'],
    ['23505', 'duplicate'],
    ['40001', 'database-busy'],
    ['40P01', 'database-busy'],
    ['55P03', 'database-busy'],
    ['57014', 'database-busy'],
    ['53300', 'database-busy'],
  ])('turns SQLSTATE %s into %s', (code, expected) => {
    const wrapped = new Error('Failed query: insert ...', { cause: fromDatabase(code) })
    expect(toProblem(wrapped).code).toBe(expected)
    expect(toProblem(wrapped).message).not.toContain('Hanako')
    expect(printed).not.toContain('Hanako')
  })

  it('says "unexpected" with an id to everything else, and logs place and class but no words', () => {
    const problem = toProblem(fromDatabase('42P01', { table: 'subject', detail: 'Hanako Yamada' }))
    expect(problem.code).toBe('unexpected')
    const line = JSON.parse(printed)
    expect(line).toMatchObject({
      event: 'unexpected',
      id: problem.details.id,
      sqlstate: '42P01',
      table: 'subject',
    })
    expect(line.stack[0]).toMatch(/problem\.test\.ts/)
    expect(printed).not.toMatch(/Hanako|duplicate key/)
  })

  it('survives what is no error at all', () => {
    expect(toProblem('a text').code).toBe('unexpected')
    expect(toProblem(null).code).toBe('unexpected')
    const loop = new Error('loop')
    loop.cause = loop
    expect(databaseError(loop)).toBeNull()
  })

  it('retries what another transaction caused, and nothing else', () => {
    expect(isRetryable(fromDatabase('40001'))).toBe(true)
    expect(isRetryable(fromDatabase('40P01'))).toBe(true)
    expect(isRetryable(fromDatabase('23505', { constraint: 'save_receipt_pkey' }))).toBe(true)
    expect(isRetryable(fromDatabase('23505', { constraint: 'app_user_name_unique' }))).toBe(false)
    expect(isRetryable(new Problem('duplicate'))).toBe(false)
  })
})

describe('the log', () => {
  it('has no room for anything but the listed fields', () => {
    const entry = { event: 'x', value: 'Hanako', sql: 'select', userId: 'u1' } as never
    expect(JSON.parse(logLine('info', entry))).toEqual({
      at: expect.any(String),
      level: 'info',
      event: 'x',
      userId: 'u1',
    })
  })
})
