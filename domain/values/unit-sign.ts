/** How a UCUM code is written for people; codes that are already plain stand as they are. */
const signs: Readonly<Record<string, string>> = {
  '1': '',
  '[pH]': '',
  '{index}': '',
  '{score}': '',
  '{PackYears}': 'pack-years',
  Cel: '°C',
  a: 'y',
}

/** `mm[Hg]` as mmHg, `10*9/L` as 10⁹/L, `umol/L` as µmol/L, `kg/m2` as kg/m². */
export function unitSign(ucum: string): string {
  return (
    signs[ucum] ??
    ucum
      .replace('[Hg]', 'Hg')
      .replace(/\[IU\]/g, 'IU')
      .replace(
        /10\*(\d+)/,
        (_, power: string) =>
          `10${[...power].map((digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)]).join('')}`,
      )
      .replace(/\bu(?=[a-zA-Z]+\/|[gL]\b)/, 'µ')
      .replace(/m2\b/, 'm²')
  )
}
