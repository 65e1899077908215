/**
 * The study that dashboards are measured with: the bench study with adverse events, an endpoint and a plan, at twelve sites, with
 * subjects who entered over the last two years, so that some visits were held, some are overdue and some are still to come.
 */
import { hash } from '@node-rs/argon2'
import type { Pool } from '#db/client.ts'
import { aGrant, aSite, aUser } from '#db/seed/build.ts'
import type { Role } from '#domain/access/permissions.ts'
import { type StudyDefinition, studyDefinitionSchema } from '#domain/definition/definition.ts'
import {
  type BenchStudy,
  benchDefinition,
  fortyValues,
  layStudy,
  laySubjects,
} from './bench-study.ts'

const label = (en: string) => ({ en })

export const dashboardDefinition: StudyDefinition = studyDefinitionSchema.parse({
  ...benchDefinition,
  plannedSubjects: 6000,
  codeLists: [
    ...benchDefinition.codeLists,
    {
      oid: 'CL_TOXGR',
      codes: ['1', '2', '3', '4', '5'].map((code) => ({ code, label: label(`Grade ${code}`) })),
    },
  ],
  forms: [
    ...benchDefinition.forms,
    {
      oid: 'F_AE',
      label: label('Adverse event'),
      repeats: true,
      title: 'AETERM',
      date: 'AESTDTC',
      groups: [
        {
          oid: 'AE',
          items: [
            { oid: 'AETERM', label: label('Term'), type: 'text', length: 200, required: true },
            { oid: 'AESTDTC', label: label('Start'), type: 'partialDate', required: true },
            { oid: 'AETOXGR', label: label('Grade'), type: 'code', codeList: 'CL_TOXGR' },
            { oid: 'AESER', label: label('Serious'), type: 'code', codeList: 'CL_NY' },
          ],
        },
      ],
    },
  ],
  events: [
    ...benchDefinition.events,
    { oid: 'LOG', label: label('Logs'), kind: 'log', forms: [{ form: 'F_AE', required: false }] },
  ],
  populations: [{ oid: 'ALL', label: label('Entered'), rule: 'known(at(V1, F_SV.SVDTC))' }],
  endpoints: [
    {
      oid: 'FIRST',
      label: label('Time to the first adverse event'),
      kind: 'time-to-event',
      population: 'ALL',
      timeZero: 'at(V1, F_SV.SVDTC)',
      event: 'F_AE.min(r, impute(r.AESTDTC))',
      censor: 'F_SV.max(r, r.SVDTC)',
      horizon: 364,
    },
  ],
})

const arms = ['A', 'B']
const text = (oid: string) => ({ oid, label: label(oid), type: 'text' as const, length: 100 })
/** The same with an allocation of two arms that nobody who works on the study may tell apart. */
export const blindedDefinition: StudyDefinition = studyDefinitionSchema.parse({
  ...dashboardDefinition,
  codeLists: [
    ...dashboardDefinition.codeLists,
    { oid: 'CL_ARM', codes: arms.map((code) => ({ code, label: label(`Arm ${code}`) })) },
    { oid: 'CL_STRATUM', codes: [{ code: 'ALL', label: label('All') }] },
  ],
  forms: [
    ...dashboardDefinition.forms,
    {
      oid: 'F_RAND',
      label: label('Randomisation'),
      system: true,
      date: 'RANDDTC',
      groups: [
        {
          oid: 'RAND',
          items: [
            { oid: 'RANDSTR', label: label('Stratum'), type: 'code', codeList: 'CL_STRATUM' },
            text('RANDNO'),
            { oid: 'RANDDTC', label: label('Date and time'), type: 'dateTime' },
            { oid: 'ARMCD', label: label('Arm'), type: 'code', codeList: 'CL_ARM' },
            text('RANDBY'),
          ],
        },
      ],
    },
  ],
  events: dashboardDefinition.events.map((event) =>
    event.oid === 'V1' ? { ...event, forms: [...event.forms, { form: 'F_RAND' }] } : event,
  ),
  allocation: {
    form: 'F_RAND',
    stratum: "'ALL'",
    strata: [{ code: 'ALL', label: label('All') }],
    arms: arms.map((code) => ({ code, label: label(`Arm ${code}`), ratio: 1 })),
    openLabel: false,
    preconditions: [],
  },
})

const siteCount = 12

export async function layDashboardStudy(
  ownerPool: Pool,
  { blinded }: { blinded: boolean },
): Promise<BenchStudy> {
  const study = await layStudy(ownerPool, blinded ? blindedDefinition : dashboardDefinition)
  for (let n = 2; n <= siteCount; n += 1) {
    await aSite(ownerPool, study.studyId, {
      code: String(n).padStart(2, '0'),
      name: `Site ${n}`,
      planned: 500,
    })
  }
  return study
}

/** Somebody with a role over the whole study, who signs in with the study's password. */
export async function aPersonOf(
  ownerPool: Pool,
  study: BenchStudy,
  role: Role,
): Promise<{ userName: string; password: string }> {
  const { studyId, password } = study
  const { userId, userName } = await aUser(ownerPool, {
    userName: `bench.${role}`,
    passwordHash: await hash(password, { memoryCost: 19_456, timeCost: 2, parallelism: 1 }),
  })
  await aGrant(ownerPool, { studyId, userId, role })
  return { userName, password }
}

/** Subjects `from`..`to` of `laySubjects`, spread over sites and two years, with forms of forty items, events and queries. */
export async function layCasework(
  ownerPool: Pool,
  study: BenchStudy,
  from: number,
  to: number,
): Promise<void> {
  await laySubjects(ownerPool, study, from, to)
  const client = await ownerPool.connect()
  const run = (text: string, values: readonly unknown[] = []) =>
    client.query(text, [study.studyId, from, to, ...values])
  try {
    await client.query(`begin; set local session_replication_role = replica`)
    await run(
      `with placed as (
         select b.subject_id, s.site_id, current_date - 700 + (b.sequence * 37) % 690 as day1,
           case when b.sequence % 23 = 0 then 'discontinued' when b.sequence % 41 = 0 then 'dead'
             when b.sequence % 29 = 0 then 'screenFailure' else 'randomised' end as state
         from casebook.subject b
         join (select site_id, row_number() over (order by code) as n from casebook.site where study_id = $1) s
           on s.n = 1 + b.sequence % ${siteCount}
         where b.study_id = $1 and b.sequence between $2 and $3)
       update casebook.subject b set site_id = p.site_id, anchor_date = p.day1, state = p.state,
         screened_at = p.day1 - 14,
         visits = (select coalesce(jsonb_object_agg('V' || v, jsonb_build_object('date', p.day1 + (v - 1) * 28, 'occurred', null)), '{}')
           from generate_series(1, 12) v
           where p.day1 + (v - 1) * 28 <= current_date and (b.sequence * 7 + v * 13) % 19 > 1)
       from placed p where b.study_id = $1 and b.subject_id = p.subject_id`,
    )
    await run(
      `delete from casebook.form_record r using casebook.subject b
       where r.study_id = $1 and b.study_id = $1 and b.subject_id = r.subject_id and b.sequence between $2 and $3
         and not b.visits ? r.event_oid`,
    )
    await run(
      `update casebook.form_record r set site_id = b.site_id,
         data = jsonb_build_object('SVDTC', b.visits -> r.event_oid ->> 'date')
       from casebook.subject b
       where r.study_id = $1 and b.study_id = $1 and b.subject_id = r.subject_id and b.sequence between $2 and $3`,
    )
    await run(
      `insert into casebook.form_record
         (study_id, record_id, subject_id, site_id, event_oid, form_oid, version_number, state, data, open_count)
       select b.study_id, gen_random_uuid(), b.subject_id, b.site_id, v.key, 'F_FORTY', 1,
         (array['complete', 'complete', 'signed', 'complete', 'inProgress'])[1 + (b.sequence + length(v.key) + ascii(right(v.key, 1))) % 5],
         $4::jsonb, case when (b.sequence + length(v.key) + ascii(right(v.key, 1))) % 5 = 4 then 3 else 0 end
       from casebook.subject b, jsonb_each(b.visits) v
       where b.study_id = $1 and b.sequence between $2 and $3 and (b.sequence + ascii(right(v.key, 1))) % 11 > 0`,
      [JSON.stringify(fortyValues(1))],
    )
    await run(
      `insert into casebook.form_record
         (study_id, record_id, subject_id, site_id, event_oid, form_oid, form_repeat, version_number, state, data)
       select b.study_id, gen_random_uuid(), b.subject_id, b.site_id, 'LOG', 'F_AE', n, 1, 'complete',
         jsonb_build_object('AETERM', 'Term ' || (b.sequence * 3 + n) % 40, 'AESTDTC', b.anchor_date + 20 * n,
           'AETOXGR', (1 + (b.sequence + n) % 5)::text, 'AESER', case when (b.sequence + n) % 9 = 0 then 'Y' else 'N' end)
       from casebook.subject b, generate_series(1, 3) n
       where b.study_id = $1 and b.sequence between $2 and $3 and (b.sequence + n) % 3 > 0`,
    )
    await run(
      `with asked as (
         insert into casebook.query
           (study_id, query_id, subject_id, site_id, record_id, path, state, text, opened_at, updated_at)
         select r.study_id, gen_random_uuid(), r.subject_id, r.site_id, r.record_id, 'NUM1',
           (array['open', 'answered', 'closed', 'closed', 'closed'])[1 + b.sequence % 5], 'Please check.',
           now() - make_interval(days => (b.sequence * 3) % 90), now()
         from casebook.form_record r join casebook.subject b on b.study_id = r.study_id and b.subject_id = r.subject_id
         where r.study_id = $1 and b.sequence between $2 and $3 and r.form_oid = 'F_FORTY' and r.event_oid in ('V1', 'V2', 'V3')
         returning *)
       insert into casebook.query_message (study_id, message_id, query_id, site_id, step, text, at, role)
       select a.study_id, gen_random_uuid(), a.query_id, a.site_id, m.step, 'Text', least(now(), a.opened_at + make_interval(days => m.days)),
         'coordinator'
       from asked a
       join (values ('opened', 0, 0), ('answered', 3, 1), ('closed', 6, 2)) m(step, days, rank)
         on m.rank <= case a.state when 'open' then 0 when 'answered' then 1 else 2 end`,
    )
    // Of a study without allocation nobody: its versions have no form for it. The list that they were drawn from is read by no dashboard.
    await run(
      `insert into casebook.allocation_issued
         (study_id, subject_id, site_id, stratum, list_id, position, number, arm, snapshot)
       select b.study_id, b.subject_id, b.site_id, 'ALL', gen_random_uuid(), b.sequence, 'R' || b.sequence,
         (array['A', 'B'])[1 + b.sequence % 2], jsonb_build_object('version', jsonb_build_object('number', 1), 'records', $4::jsonb)
       from casebook.subject b join casebook.study_version v on v.study_id = b.study_id and v.definition ? 'allocation'
       where b.study_id = $1 and b.sequence between $2 and $3 and b.state <> 'screenFailure'`,
      [JSON.stringify([fortyValues(2), fortyValues(3)])],
    )
    await run(
      `insert into casebook.form_record
         (study_id, record_id, subject_id, site_id, event_oid, form_oid, version_number, state, data)
       select a.study_id, gen_random_uuid(), a.subject_id, a.site_id, 'V1', 'F_RAND', 1, 'complete',
         jsonb_build_object('RANDSTR', a.stratum, 'RANDNO', a.number, 'RANDDTC', b.anchor_date || 'T09:00:00Z', 'ARMCD', a.arm)
       from casebook.allocation_issued a
       join casebook.subject b on b.study_id = a.study_id and b.subject_id = a.subject_id
       where a.study_id = $1 and b.sequence between $2 and $3`,
    )
    // With the triggers off nobody has counted these records.
    await run(
      `insert into casebook.subject_changes (study_id, subject_id, site_id, changes)
       select r.study_id, r.subject_id, r.site_id, count(*) from casebook.form_record r
       join casebook.subject b on b.study_id = r.study_id and b.subject_id = r.subject_id
       where r.study_id = $1 and b.sequence between $2 and $3 group by r.study_id, r.subject_id, r.site_id`,
    )
    await client.query('commit')
    await client.query(
      'vacuum analyze casebook.subject, casebook.form_record, casebook.query, casebook.query_message, casebook.allocation_issued',
    )
  } finally {
    client.release()
  }
}
