import { expect, it } from 'vitest'
import { unitSign } from './unit-sign.ts'

it.each([
  ['mm[Hg]', 'mmHg'],
  ['10*9/L', '10⁹/L'],
  ['umol/L', 'µmol/L'],
  ['kg/m2', 'kg/m²'],
  ['Cel', '°C'],
  ['[IU]/mL', 'IU/mL'],
  ['mmol/min/kPa', 'mmol/min/kPa'],
  ['U/L', 'U/L'],
  ['%', '%'],
  ['1', ''],
  ['{score}', ''],
  ['mg/kg/d', 'mg/kg/d'],
])('%s is written %s', (ucum, sign) => expect(unitSign(ucum)).toBe(sign))
