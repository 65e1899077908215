/** What happened on conventional treatment and, in those who failed it, on tacrolimus: values that lead to the response classes. */
import { plusDays } from '#studies/demo/chance.ts'
import type { DemoForm } from '#studies/demo/plan.ts'
import { type Chart, frozenOn, workday } from './chart.ts'
import { troughValues } from './drug-logs.ts'
import { clinicalForm, lungFunctionForm, muscleEnzymes, tacrolimusPanel } from './measurements.ts'
import type { LungFunction, Sign } from './subjects.ts'

/** Upper limit of normal of CK that the site uses. */
const upperLimit = 200

type Course = { ck: number | null; aldolase: number | null; lung: LungFunction }

/** The assessment after 6 months; returns its values, since tacrolimus starts from them. */
export function sixMonths(chart: Chart): { forms: DemoForm[]; course: Course } {
  const { subject, index, luck } = chart
  // One physician's note of weakness was not counted as a worsening; the check asks about it.
  const noted = subject.id === 'U31'
  const worse = {
    breathing: subject.failed.lung || (subject.group === 'R' && luck.next() < 0.1),
    weakness: subject.failed.myositis === 'WEAK',
  }
  const course: Course = {
    ck: ckAfter(chart, subject.ck, subject.failed.myositis),
    aldolase: aldolaseAfter(chart, subject.aldolase, subject.failed.myositis),
    lung: subject.failed.lung ? fallen(chart) : stable(chart, subject.lung),
  }
  const on = workday(plusDays(index, luck.whole(185, 198)))
  const forms = [
    clinicalForm('M6', chart, { ...worse, weakness: worse.weakness || noted }),
    event('M6', 'F_LB', muscleEnzymes(course.ck, course.aldolase, on)),
    lungFunctionForm('M6', chart, course.lung, on),
    event('M6', 'F_RESP', {
      RSREG: 'CONVENTIONAL',
      RSWEAK: worse.weakness ? 'Y' : 'N',
      RSSYMP: worse.breathing ? 'Y' : 'N',
    }),
    event('M6', 'F_GRP', { GRPDTC: frozenOn, GRPBASIS: 'RESPONSE_STATUS' }),
  ]
  return { forms, course }
}

/** The year on tacrolimus; a chart that is not sufficient has its start only. */
export function tacrolimusYear(chart: Chart, before: Course): DemoForm[] {
  const { subject, tacrolimus, luck } = chart
  if (tacrolimus === null) return []
  const lungAtStart = subject.lungAtTacrolimus ?? before.lung
  const { failedTacrolimus } = subject
  const ckAtStart = ckAtTacrolimus(chart, before.ck)
  const aldolaseAtStart =
    before.aldolase === null ? null : before.aldolase * (0.8 + luck.next() * 0.5)
  const day = (from: number, to: number) => workday(plusDays(tacrolimus, luck.whole(from, to)))
  const measured = (name: string, on: string, months: number, course: Course): DemoForm[] => [
    event(name, 'F_LB', {
      ...muscleEnzymes(course.ck, course.aldolase, on),
      ...tacrolimusPanel(chart, on, months),
    }),
    lungFunctionForm(name, chart, course.lung, on),
  ]
  const start = day(-8, -1)
  const forms = [
    clinicalForm('TAC0', chart, {
      breathing: subject.failed.lung,
      weakness: subject.failed.myositis === 'WEAK',
    }),
    ...measured('TAC0', start, 0, { ck: ckAtStart, aldolase: aldolaseAtStart, lung: lungAtStart }),
    event('TAC0', 'F_IMG', {
      IMGPERF: 'Y',
      IMGMOD: 'HRCT',
      IMGDTC: day(-40, -2),
      IMGILD: 'Y',
      IMGHC: subject.honeycombing ? 'Y' : 'N',
    }),
  ]
  if (subject.lungAtTacrolimus === null) return forms
  const atYear: Course = {
    ck: ckAfter(chart, ckAtStart, failedTacrolimus.myositis),
    aldolase: aldolaseAfter(chart, aldolaseAtStart, failedTacrolimus.myositis),
    lung: failedTacrolimus.lung
      ? scaled(lungAtStart, 0.85)
      : scaled(lungAtStart, 1.02 + luck.next() * 0.12),
  }
  const halfway: Course = {
    ck: ckAtStart === null || atYear.ck === null ? null : (ckAtStart + atYear.ck) / 2,
    aldolase:
      aldolaseAtStart === null || atYear.aldolase === null
        ? null
        : (aldolaseAtStart + atYear.aldolase) / 2,
    lung: scaled(lungAtStart, failedTacrolimus.lung ? 0.93 : 1.03),
  }
  const middle = day(112, 168)
  const end = day(322, 360)
  const worse = {
    breathing: failedTacrolimus.lung,
    weakness: failedTacrolimus.myositis === 'WEAK',
  }
  return [
    ...forms,
    clinicalForm('TAC3_6', chart, worse),
    ...measured('TAC3_6', middle, 4, halfway),
    { ...event('TAC3_6', 'F_TDM', troughValues(middle, 5.2 + luck.next() * 4)), repeat: 'new' },
    clinicalForm('TAC12', chart, worse),
    ...measured('TAC12', end, 12, atYear),
    { ...event('TAC12', 'F_TDM', troughValues(end, 4.6 + luck.next() * 4.6)), repeat: 'new' },
    event('TAC12', 'F_RESP', {
      RSREG: 'TACROLIMUS',
      RSWEAK: worse.weakness ? 'Y' : 'N',
      RSSYMP: worse.breathing ? 'Y' : 'N',
      RSMYO: failedTacrolimus.myositis === null ? 'Y' : 'N',
      RSILD: failedTacrolimus.lung ? 'N' : 'Y',
    }),
    event('TAC12', 'F_GRP', { GRPDTC: frozenOn, GRPBASIS: 'RESPONSE_STATUS' }),
  ]
}

function event(name: string, form: string, values: DemoForm['values']): DemoForm {
  return { event: name, form, values }
}

/** CK that falls to normal or by more than half; with the sign `CK` it stays high. */
function ckAfter(
  { luck, subject }: Chart,
  before: number | null,
  sign: Sign | null,
): number | null {
  if (before === null) return subject.ck === null ? luck.whole(55, 185) : null
  if (before <= upperLimit) return luck.whole(50, 190)
  if (sign === 'CK') return Math.max(upperLimit + 40, before * (0.55 + luck.next() * 0.4))
  return Math.max(luck.whole(60, 170), before * (0.04 + luck.next() * 0.34))
}

/** Before tacrolimus CK has often risen again. */
function ckAtTacrolimus({ luck, subject }: Chart, before: number | null): number | null {
  if (before === null) return null
  const mustBeHigh = subject.failedTacrolimus.myositis === 'CK'
  if (before > upperLimit && !mustBeHigh) return before * (0.8 + luck.next() * 0.4)
  return mustBeHigh || luck.next() < 0.5 ? Math.max(before, luck.whole(380, 1400)) : before
}

function aldolaseAfter({ luck }: Chart, before: number | null, sign: Sign | null): number | null {
  if (before === null) return null
  return Math.max(2.6, before * (sign === 'CK' ? 0.8 : 0.15 + luck.next() * 0.45))
}

function scaled({ fvc, tlc, dlco }: LungFunction, factor: number): LungFunction {
  const times = (x: number | null) => {
    if (x === null) return null
    return factor < 1 ? Math.floor(x * factor) : Math.min(128, Math.round(x * factor))
  }
  return { fvc: times(fvc), tlc: times(tlc), dlco: times(dlco) }
}

/** Lung function of a responder or of one who failed by the muscles alone: a little better; TLC was not always repeated. */
function stable({ luck }: Chart, before: LungFunction): LungFunction {
  const after = scaled(before, 1 + luck.next() * 0.12)
  const small = luck.next() < 0.2 ? scaled(before, 0.94) : after
  return { fvc: small.fvc, tlc: luck.next() < 0.1 ? null : after.tlc, dlco: after.dlco }
}

/** The fall that makes ILD refractory, with the worse breathing as the other sign. */
function fallen({ subject, luck }: Chart): LungFunction {
  const { lung, lungAtTacrolimus } = subject
  if (lungAtTacrolimus === null) return scaled(lung, 0.86)
  const near = (now: number | null, later: number | null, limit: number) =>
    now === null || later === null
      ? now
      : later <= now * limit
        ? Math.floor(now * limit) - luck.whole(0, 1)
        : now - luck.whole(0, 1)
  return {
    fvc: near(lung.fvc, lungAtTacrolimus.fvc, 0.9),
    tlc: near(lung.tlc, lungAtTacrolimus.tlc, 0.9),
    dlco: near(lung.dlco, lungAtTacrolimus.dlco, 0.85),
  }
}
