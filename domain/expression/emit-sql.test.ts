import { describe, expect, test } from 'vitest'
import { emitSql, quotedSql, type SqlColumns } from '#domain/expression/emit-sql.ts'
import { parseExpression } from '#domain/expression/parser.ts'
import { sampleScope } from '#domain/expression/sample-scope.ts'

const columns: SqlColumns = {
  item: (reference) => (reference.item === 'SCORE' ? null : `r.${reference.item.toLowerCase()}`),
  variable: (oid) => `v.${oid.toLowerCase()}`,
}

function emitted(text: string, own: SqlColumns = columns) {
  return emitSql(parseExpression(text).ast, sampleScope('F_DM'), own)
}

// That the SQL means the same is shown against PostgreSQL in db/expression-oracle.db.test.ts.
describe('what is written', () => {
  test('comparison of numbers and codes', () => {
    expect(emitted("AGE >= 18 && SEX == 'F'")).toEqual({
      sql: "((((r.age)::double precision)::numeric >= (18::double precision)::numeric) AND (((r.sex)::text) = ('F'::text)))",
      type: 'boolean',
    })
  })

  test('the type of the result', () => {
    const types = ['AGE', 'SEX', 'AGE > 1', 'RFICDTC', 'CONSENTED', 'RESCUE', 'TZERO'].map(
      (text) => {
        const result = emitted(text)
        return 'type' in result ? result.type : result.unsupported
      },
    )
    expect(types).toEqual([
      'double precision',
      'text',
      'boolean',
      'date',
      'timestamptz',
      'text[]',
      'date',
    ])
  })

  test.each([
    ['BRTHDTC == BRTHDTC', 'Partial dates'],
    ['at(W4, F_PFT.FVCPP) > 1', 'at(W4, F_PFT.FVCPP)'],
    ['F_AE.count() > 1', 'rows'],
    ["reason(AGE) == 'ND'", 'reason'],
    ['dateOf(CONSENTED)', 'dateOf'],
    ["event == 'W4'", 'event'],
    ["refHigh('CK')", 'field'],
    ['round(AGE, AGE * 1)', 'round'],
    ['power(AGE * 1, 2)', 'power'],
    ['today()', 'today'],
    ['SCORE > 1', 'SCORE'],
    ['LIMIT > 1', 'LIMIT'],
    ['AGX > 1', 'AGX'],
  ])('%s has none, with the reason', (text, reason) => {
    const result = emitted(text)
    expect('unsupported' in result ? result.unsupported : result.sql).toContain(reason)
    expect('unsupported' in result).toBe(true)
  })

  test('today where the caller says what it is', () => {
    expect(emitted('today()', { ...columns, today: "date '2016-01-01'" })).toEqual({
      sql: "((date '2016-01-01')::date)",
      type: 'date',
    })
  })
})

test('texts cannot leave their quotes', () => {
  expect(quotedSql("it's")).toBe("'it''s'")
  expect(quotedSql("\\'; drop table subject; --")).toBe(" E'\\\\''; drop table subject; --'")
  const result = emitted("NOTE == 'x\\'); drop table subject; --'")
  expect('sql' in result && result.sql).toContain("'x''); drop table subject; --'::text")
})
