import { describe, expect, it } from 'vitest'
import { StatisticsProblem } from '#domain/statistics/problem.ts'
import { parseCsv } from '#domain/statistics/reference/columns.ts'
import {
  arithmetic,
  conditionOf,
  eventOf,
  labelsOf,
  resolveDataSet,
} from '#domain/statistics/reference/data-set.ts'
import { readFormula } from '#domain/statistics/reference/formula.ts'

const data = parseCsv(
  '"id","age","sex","ecog","arm","code","from","to","x"\n' +
    '1,40,"m",0,"A","01",2024-02-27,2024-03-03,2\n' +
    '2,65,"f",1,"B","02",2024-02-27,2024-02-28,\n' +
    '3,80,"f",NA,"B","01",2024-01-01,2025-01-01,4\n' +
    '4,52,"m",2,"C","10",,2025-01-01,8\n',
)
const load = () => data
const ids = (how: string, labels: string[] = []) =>
  resolveDataSet(`d ${how}`, load, labels).columns.get('id')

describe('the language of subsets and derived columns', () => {
  it('chooses rows as R’s subset does, where missing does not hold', () => {
    expect(ids('(sex==f)')).toEqual([2, 3])
    expect(ids("[sex == 'f' & age > 70]")).toEqual([3])
    expect(ids('[d$age>=52 | ecog==0, ]')).toEqual([1, 2, 3, 4])
    expect(ids('(rows where ecog<=1)')).toEqual([1, 2])
    expect(ids('(rows where !(ecog<=1))')).toEqual([4])
    expect(ids('(excluding arm==B)')).toEqual([1, 4])
    expect(ids("(arm %in% c('A','C') and not id==1)")).toEqual([4])
    expect(ids('(ecog %in% 0:1)')).toEqual([1, 2])
    expect(ids('(rows with ecog and x)')).toEqual([1, 4])
    expect(ids('(complete.cases(ecog, x))')).toEqual([1, 4])
    expect(ids('(!is.na(ecog); age>40)')).toEqual([2, 4])
    expect(ids('(first 2 rows)')).toEqual([1, 2])
    expect(ids('(rows 2-3)')).toEqual([2, 3])
    expect(resolveDataSet('subset(d, age<60)', load).rows).toBe(2)
  })

  it('knows the other ways in which R users write a subset', () => {
    expect(ids('(sex==f, age>=70)')).toEqual([3])
    expect(ids('(sex=f)')).toEqual([2, 3])
    expect(ids('(ecog=1)')).toEqual([2])
    expect(ids('(complete cases)')).toEqual([1])
    expect(ids('(ecog not missing)')).toEqual([1, 2, 4])
    expect(ids('(sex==f only)')).toEqual([2, 3])
    expect(ids("[which(sex=='f'), ]")).toEqual([2, 3])
    expect(ids('[2:3, ]')).toEqual([2, 3])
    expect(ids('[-(2:3), ]')).toEqual([1, 4])
    const of = (reference: string) => resolveDataSet(reference, load).columns.get('id')
    expect(of('head(d, 2)')).toEqual([1, 2])
    expect(of('na.omit(d)')).toEqual([1])
  })

  it('builds columns, whose unnamed rest takes the label that the case expects', () => {
    const column = (how: string, name: string, labels: string[] = []) =>
      resolveDataSet(`d (${how})`, load, labels).columns.get(name)
    expect(column('old=age>=65', 'old')).toEqual(['FALSE', 'TRUE', 'TRUE', 'FALSE'])
    expect(column('g=old if age>=65', 'g')).toEqual(['neg', 'old', 'old', 'neg'])
    expect(column('g=old if age>=65', 'g', ['old', 'young'])).toEqual([
      'young',
      'old',
      'old',
      'young',
    ])
    expect(column('g=high if ecog>=2 else mid if ecog==1 else low', 'g')).toEqual([
      'low',
      'mid',
      null,
      'high',
    ])
    expect(column("g=ifelse(age>60, 'o', y)", 'g')).toEqual(['y', 'o', 'o', 'y'])
    expect(column('days=to-from', 'days')).toEqual([5, 1, 366, null])
    expect(column('g=cut(age, c(0,50,65,Inf))', 'g')).toEqual([
      '(0,50]',
      '(50,65]',
      '(65,Inf]',
      '(50,65]',
    ])
    expect(column('age/10 as decade', 'decade')).toEqual([4, 6.5, 8, 5.2])
  })

  it('computes as R does', () => {
    expect(arithmetic(data, '-2^2 + x %% 3')).toEqual([-2, null, -3, -2])
    expect(arithmetic(data, 'round(age / 10) - median(age)')).toEqual([-54.5, -52.5, -50.5, -53.5])
    expect(arithmetic(data, 'pmax(ecog, 1, x)')).toEqual([2, null, null, 8])
    expect(arithmetic(data, 'log(x, 2)')).toEqual([1, null, 2, 3])
    expect(labelsOf(data, 'code')).toEqual(['01', '02', '01', '10'])
    expect(conditionOf(data, 'x > 3 | is.na(x)')).toEqual([false, true, true, true])
    expect(eventOf(data, 'ecog')).toEqual([null, false, null, true])
    expect(eventOf(data, 'ecog != 0')).toEqual([false, true, null, true])
  })

  it('refuses what it cannot read, by name', () => {
    for (const text of [
      'age >',
      'sex + 1',
      'nothing > 1',
      'eval(age)',
      'constructor(age)',
      'age; age',
      '(age',
      'a ~ b',
      'sex == nobody == 2',
    ])
      expect(() => conditionOf(data, text), text).toThrow(StatisticsProblem)
    expect(() => ids('(males only)')).toThrow(/males only/)
    expect(() => resolveDataSet('d (x', load)).toThrow(StatisticsProblem)
  })

  it('expands formulas in R’s order and names', () => {
    const names = (formula: string, found: string[] = []) =>
      readFormula(`Surv(age, x==2) ~ ${formula}`, data, found).terms.map((t) => t.name)
    expect(names('(age + x)*sex')).toEqual(['age', 'x', 'sex', 'age:sex', 'x:sex'])
    expect(names('x:age + age + I(age>=65)')).toEqual(['age', 'I(age >= 65)', 'x:age'])
    expect(names('(age + x + sex)^2 - x:sex')).toEqual(['age', 'x', 'sex', 'age:x', 'age:sex'])
    expect(names("relevel(factor(ecog), ref='1')")).toEqual(['relevel(factor(ecog), ref = "1")'])
    expect(names('sex/age')).toEqual(['sex', 'sexf:age', 'sexm:age'])
    expect(names('age*strata(sex)')).toEqual(['age', 'age:strata(sex)'])
    const byStratum = readFormula('Surv(age, x==2) ~ x + x:strata(ecog)', data, [])
    expect(byStratum.strata).toEqual([0, 1, null, 2])
    expect(byStratum.terms[1]).toMatchObject({
      product: [{ name: 'x' }, { levels: ['ecog=0', 'ecog=1', 'ecog=2'] }],
    })
    const numbered = readFormula('Surv(age, x==2) ~ ecog', data, ['ecog1', 'ecog2'])
    expect(numbered.terms[0]).toMatchObject({ levels: ['0', '1', '2'] })
    expect(() => names('frailty(id)')).toThrow(/frailty/)
    expect(() => readFormula('age ~ x', data, [])).toThrow(StatisticsProblem)
  })
})
