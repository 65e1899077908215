/** What is shown of randomisation: preconditions, stratum, and the allocation once it stands. Nothing here knows what comes next. */
import type { Transaction } from '#db/client.ts'
import { subjectReader } from '#domain/casebook/evaluate.ts'
import type { Casebook } from '#domain/casebook/record.ts'
import type { RandomisationView } from '#domain/casebook/views.ts'
import type { AllocationDef, Label } from '#domain/definition/definition.ts'
import { itemLabel } from '../display.ts'
import type { PublishedStudy } from '../study/published.ts'

export type Precondition = AllocationDef['preconditions'][number] & { met: boolean | null }

export function preconditionsOf(
  study: PublishedStudy,
  allocation: AllocationDef,
  casebook: Casebook,
): Precondition[] {
  const reader = subjectReader(study.compiled, casebook)
  return allocation.preconditions.map((condition) => {
    const value = reader.expression(condition.rule)
    return { ...condition, met: typeof value === 'boolean' ? value : null }
  })
}

/** The stratum of a subject by the definition's expression; null while it cannot be read. */
export function stratumOf(
  study: PublishedStudy,
  allocation: AllocationDef,
  casebook: Casebook,
): { code: string; label: Label; source: Label } | null {
  const value = subjectReader(study.compiled, casebook).expression(allocation.stratum)
  const stratum = allocation.strata.find(({ code }) => code === value)
  if (!stratum) return null
  const [read] = study.compiled.subject(allocation.stratum)?.references ?? []
  const source = read ? itemLabel(study, read.form, read.item) : stratum.label
  return { code: stratum.code, label: stratum.label, source }
}

export type Issued = { number: string; arm: string; stratum: string; at: string; by: string }

export async function issuedTo(
  tx: Transaction,
  studyId: string,
  subjectId: string,
): Promise<Issued | null> {
  const [row] = await tx.query<
    Omit<Issued, 'at'> & { issuedAt: string; performedAt: string | null }
  >(
    `select a.number, a.arm, a.stratum, a.issued_at as "issuedAt",
       a.snapshot->>'performedAt' as "performedAt", coalesce(u.display_name, 'Casebook') as by
     from casebook.allocation_issued a left join casebook.app_user u on u.user_id = a.issued_by
     where a.study_id = $1 and a.subject_id = $2`,
    [studyId, subjectId],
  )
  if (!row) return null
  const { issuedAt, performedAt, ...issued } = row
  return { ...issued, at: performedAt ?? issuedAt }
}

/** Stands for every code of a subject column that is concealed; no code list can have it. */
export const concealedCode = '*'

/** What stands where an arm would. */
export const concealedLabel: Label = { en: 'Concealed', ja: '非開示', zh: '未公开' }

/** The allocation as a reader sees it; who may not know arms learns only that it was made. */
export function allocationView(
  allocation: AllocationDef,
  issued: Issued,
  mayReadArm: boolean,
): NonNullable<RandomisationView['allocation']> {
  const labelOf = (list: readonly { code: string; label: Label }[], code: string): Label =>
    list.find((entry) => entry.code === code)?.label ?? { en: code }
  return {
    ...issued,
    concealed: !mayReadArm,
    arm: mayReadArm ? issued.arm : '',
    armLabel: mayReadArm ? labelOf(allocation.arms, issued.arm) : concealedLabel,
    stratumLabel: labelOf(allocation.strata, issued.stratum),
  }
}
