/**
 * What a narrow place shows of a coded value: its words where they are short, else the code, which is how the field speaks
 * (DM for dermatomyositis). Ideographs count double.
 * @param room signs that have room
 */
export function shortText(code: string, text: string, room = 9): string {
  const width = [...text].reduce((sum, sign) => sum + (sign > '\u2e80' ? 2 : 1), 0)
  return text !== '' && width <= room ? text : code
}
