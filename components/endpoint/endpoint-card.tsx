'use client'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { Icon } from '#components/ui/icon.tsx'
import { useFormat } from '#components/ui/use-format.ts'
import type {
  CriterionExplanation,
  EndpointExplanation,
  EventFormState,
} from '#domain/analysis/endpoint-explanation.ts'
import type { Answer } from '#domain/casebook/read-values.ts'
import css from './endpoint.module.css'
import { AnswerTree, valueHref } from './value-tree.tsx'

export type ShownEndpoint = EndpointExplanation & {
  decidedBy: { who: string; role: string; at: string } | null
}
type Whose = { studyOid: string; subjectKey: string }

/** One endpoint of a subject: what it comes to, by which rule, from which values, and who overruled it. */
export function EndpointCard({ endpoint, ...whose }: Whose & { endpoint: ShownEndpoint }) {
  const t = useTranslations('endpoint')
  const format = useFormat()
  const { oid, label } = endpoint
  return (
    <article className={css.card} aria-labelledby={`endpoint-${oid}`} id={oid}>
      <header className={css.head}>
        <h2 id={`endpoint-${oid}`}>{format.label(label)}</h2>
        {endpoint.isConcealed ? null : (
          <span className={css.status} data-status={endpoint.status}>
            <Icon name={glyphs[endpoint.status]} size={14} /> {t(`status.${endpoint.status}`)}
          </span>
        )}
      </header>
      {endpoint.isConcealed ? <p>{t('concealed')}</p> : <Told endpoint={endpoint} {...whose} />}
    </article>
  )
}

const glyphs = {
  event: 'check',
  competing: 'warning',
  censored: 'history',
  undecided: 'help',
} as const

function Told({ endpoint, ...whose }: Whose & { endpoint: ShownEndpoint }) {
  const t = useTranslations('endpoint')
  const format = useFormat()
  const { because, days, date, cause, population } = endpoint
  const standing =
    population?.state === 'excluded'
      ? t('excluded', { why: format.label(population.because) })
      : population
        ? t(standings[population.state] ?? 'populationUndecided')
        : ''
  return (
    <>
      <p className={css.verdict}>
        {t(`because.${because}`, {
          date: format.date(date),
          days: days ?? 0,
          cause: format.label(cause),
        })}
      </p>
      {population && (
        <p className={css.quiet}>
          {t('population', { name: format.label(population.label) })} – {standing}
        </p>
      )}
      <Adjudicated endpoint={endpoint} {...whose} />
      <Part title={t('timeZero')} answer={endpoint.timeZero} {...whose} />
      {endpoint.needed === null ? (
        <>
          <Part title={t('event')} answer={endpoint.event} {...whose} />
          <EventForm state={endpoint.eventForm} />
        </>
      ) : (
        <Criteria endpoint={endpoint} {...whose} />
      )}
      {endpoint.competing.length > 0 && <h3 className={css.part}>{t('competing')}</h3>}
      {endpoint.competing.map((one) => (
        <Part key={one.oid} title={format.label(one.label)} answer={one.answer} {...whose} />
      ))}
      <Part title={t('censor')} answer={endpoint.censor} {...whose} />
      <p className={css.quiet}>{t('horizon', { days: endpoint.horizon })}</p>
    </>
  )
}

const standings: Partial<Record<string, 'member' | 'outside' | 'populationUndecided'>> = {
  member: 'member',
  outside: 'outside',
  undecided: 'populationUndecided',
}

/** A decision first, then what the rule says without it. */
function Adjudicated({ endpoint, ...whose }: Whose & { endpoint: ShownEndpoint }) {
  const t = useTranslations('endpoint')
  const format = useFormat()
  const { adjudication, decidedBy, ruleMet, ruleDate } = endpoint
  if (!adjudication) return null
  const ruleSays =
    ruleMet === null
      ? t('ruleUndecided')
      : ruleMet
        ? t('ruleEvent', { date: format.date(ruleDate) })
        : t('ruleNone')
  return (
    <section className={css.decision} aria-label={t('adjudication')}>
      <h3>{t('adjudication')}</h3>
      <p>
        <b>
          {adjudication.met
            ? t('adjudicatedYes', { date: format.date(adjudication.date) })
            : t('adjudicatedNo')}
        </b>{' '}
        {t('reason', { reason: format.label(adjudication.reason) })}
      </p>
      <p className={css.quiet}>
        {decidedBy && t('decidedBy', { who: decidedBy.who, at: format.moment(decidedBy.at) })}{' '}
        {adjudication.place && (
          <Link href={valueHref(whose, adjudication.place)} prefetch={false}>
            {t('openDecision')}
          </Link>
        )}
      </p>
      <p className={css.quiet}>
        {t('ruleSaid')} {ruleSays}
      </p>
    </section>
  )
}

function Criteria({ endpoint, ...whose }: Whose & { endpoint: ShownEndpoint }) {
  const t = useTranslations('endpoint')
  const { criteria, needed } = endpoint
  return (
    <>
      <h3 className={css.part}>
        {needed === 1 ? t('any') : t('atLeast', { needed: needed ?? 1, count: criteria.length })}
      </h3>
      <ol className={css.criteria}>
        {criteria.map((criterion) => (
          <li key={criterion.oid}>
            <Criterion criterion={criterion} {...whose} />
          </li>
        ))}
      </ol>
    </>
  )
}

function Criterion({ criterion, ...whose }: Whose & { criterion: CriterionExplanation }) {
  const t = useTranslations('endpoint')
  const format = useFormat()
  const { met, date } = criterion
  const said =
    met === null
      ? t('undecided')
      : !met
        ? t('notMet')
        : date === null
          ? t('metUndated')
          : t('metOn', { date: format.date(date) })
  return (
    <details className={css.criterion} open={met !== false}>
      <summary>
        <span className={css.mark} data-met={met === null ? 'undecided' : met}>
          <Icon name={met === null ? 'help' : met ? 'check' : 'close'} size={14} /> {said}
        </span>{' '}
        {format.label(criterion.label)}
      </summary>
      {criterion.rule && <AnswerTree answer={criterion.rule} {...whose} />}
      {criterion.dated && <AnswerTree answer={criterion.dated} {...whose} />}
      <EventForm state={criterion.eventForm} />
    </details>
  )
}

function EventForm({ state }: { state: EventFormState | null }) {
  const t = useTranslations('endpoint')
  const format = useFormat()
  if (!state || state.isRecorded === null) return null
  return (
    <p className={state.isRecorded ? css.quiet : css.asked}>
      {t(state.isRecorded ? 'formRecorded' : 'formMissing', { form: format.label(state.label) })}
    </p>
  )
}

function Part({ title, answer, ...whose }: Whose & { title: string; answer: Answer | null }) {
  const format = useFormat()
  if (!answer) return null
  return (
    <details className={css.criterion}>
      <summary>
        <b>{title}</b> {format.label(answer.shown)}
      </summary>
      <AnswerTree answer={answer} {...whose} />
    </details>
  )
}
