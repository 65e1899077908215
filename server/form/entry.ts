import type { FormView } from '#domain/casebook/views.ts'
import { reading } from '../command.ts'
import { formAddressInput } from './address.ts'

export const formForEntry = reading({
  name: 'form.entry',
  permission: 'casebook.read',
  input: formAddressInput,
  run: async (): Promise<FormView> => {
    throw new Error('unwritten')
  },
})
