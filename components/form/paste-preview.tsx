'use client'
import { Button, Table } from '@mantine/core'
import { useTranslations } from 'next-intl'
import { Dialog } from '#components/ui/dialog.tsx'
import type { StoredValue } from '#domain/casebook/record.ts'

export type PastedCell = {
  path: string
  row: string
  item: string
  old: StoredValue | null
  value: string
  typeable: boolean
}

/** Shows a pasted block cell by cell before anything is taken; computed cells are left out and said so. */
export function PastePreview({
  cells,
  onClose,
  onTake,
}: {
  cells: readonly PastedCell[]
  onClose: () => void
  onTake: (cells: readonly PastedCell[]) => void
}) {
  const t = useTranslations('form')
  const usable = cells.filter((cell) => cell.typeable)
  return (
    <Dialog onClose={onClose} title={t('pasteTitle', { count: usable.length })} size="wide">
      {cells.length > usable.length && (
        <p>{t('pasteSkipped', { count: cells.length - usable.length })}</p>
      )}
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('pasteRow')}</Table.Th>
            <Table.Th>{t('pasteItem')}</Table.Th>
            <Table.Th>{t('pasteOld')}</Table.Th>
            <Table.Th>{t('pasteNew')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {usable.map((cell) => (
            <Table.Tr key={cell.path}>
              <Table.Td>{cell.row}</Table.Td>
              <Table.Td>{cell.item}</Table.Td>
              <Table.Td>{typeof cell.old === 'string' ? cell.old : '–'}</Table.Td>
              <Table.Td>{cell.value}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Button mt="md" disabled={usable.length === 0} onClick={() => onTake(usable)} autoFocus>
        {t('pasteTake', { count: usable.length })}
      </Button>
    </Dialog>
  )
}
