'use client'

import { NativeSelect, TextInput } from '@mantine/core'
import { useTranslations } from 'next-intl'
import type { RefObject } from 'react'
import { Icon } from '#components/ui/icon.tsx'
import { useFormat } from '#components/ui/use-format.ts'
import type { MatrixView, SubjectState } from '#domain/casebook/views.ts'
import type { MatrixFilter } from './matrix-filter.ts'
import css from './subject-matrix.module.css'

/** What narrows the matrix: key, site, status, the study's own columns, overdue, queries. */
export function MatrixFilters({
  view,
  filter,
  onChange,
  searchRef,
}: {
  view: Pick<MatrixView, 'sites' | 'columns' | 'states'>
  filter: MatrixFilter
  onChange: (filter: MatrixFilter) => void
  searchRef: RefObject<HTMLInputElement | null>
}) {
  const t = useTranslations('subjects')
  const ui = useTranslations('ui')
  const format = useFormat()
  const active = Object.keys(filter).length > 0
  return (
    <search className={css.filters}>
      <TextInput
        ref={searchRef}
        aria-label={t('search')}
        placeholder={t('search')}
        leftSection={<Icon name="search" />}
        w={130}
        value={filter.text ?? ''}
        onChange={(event) => onChange({ ...filter, text: event.currentTarget.value || undefined })}
      />
      {view.sites.length > 1 ? (
        <NativeSelect
          aria-label={t('site')}
          w={165}
          value={filter.siteId ?? ''}
          onChange={(event) =>
            onChange({ ...filter, siteId: event.currentTarget.value || undefined })
          }
          data={[
            { value: '', label: t('allSites') },
            ...view.sites.map((site) => ({
              value: site.siteId,
              label: `${site.code} ${site.name}`,
            })),
          ]}
        />
      ) : null}
      <NativeSelect
        aria-label={t('state')}
        w={widthFor(t('allStates'))}
        value={filter.state ?? ''}
        onChange={(event) =>
          onChange({
            ...filter,
            state: (event.currentTarget.value || undefined) as SubjectState | undefined,
          })
        }
        data={[
          { value: '', label: t('allStates') },
          ...view.states.map((state) => ({ value: state, label: ui(`subjectState.${state}`) })),
        ]}
      />
      {view.columns.filter(isChoosable).map((column) => (
        <NativeSelect
          key={column.oid}
          aria-label={format.label(column.label)}
          w={widthFor(t('anyOf', { column: format.label(column.label) }))}
          value={filter.columns?.[column.oid] ?? ''}
          onChange={(event) => {
            const { [column.oid]: _, ...others } = filter.columns ?? {}
            const chosen = event.currentTarget.value
            const columns = chosen ? { ...others, [column.oid]: chosen } : others
            onChange({ ...filter, columns: Object.keys(columns).length > 0 ? columns : undefined })
          }}
          data={[
            { value: '', label: t('anyOf', { column: format.label(column.label) }) },
            ...Object.entries(column.codes).map(([code, label]) => ({
              value: code,
              label: format.label(label),
            })),
          ]}
        />
      ))}
      {(['overdue', 'queries'] as const).map((mark) => (
        <button
          key={mark}
          type="button"
          className={css.toggle}
          aria-pressed={filter[mark] === true}
          onClick={() => onChange({ ...filter, [mark]: filter[mark] ? undefined : true })}
        >
          {t(mark === 'overdue' ? 'overdue' : 'withQueries')}
        </button>
      ))}
      {active ? (
        <button type="button" className={css.plain} onClick={() => onChange({})}>
          {ui('clearFilters')}
        </button>
      ) : null}
    </search>
  )
}

/** Wide enough for the text that stands there while nothing is chosen, in pixels; ideographs are twice as broad. */
function widthFor(text: string): number {
  const broad = [...text].reduce((sum, sign) => sum + (sign > '\u2e7f' ? 15 : 8), 0)
  return Math.min(Math.max(broad + 48, 120), 260)
}

/** What is concealed has one code for all, by which nobody can choose. */
const isChoosable = ({ codes }: MatrixView['columns'][number]) => !('*' in codes)
