import type { Language } from '#domain/definition/definition.ts'

/** The words of a printed case report form. They are printed beside the study's own labels, in the same language. */
const words = {
  blankTitle: { en: 'Case report form', ja: '症例報告書', zh: '病例报告表' },
  annotatedTitle: {
    en: 'Annotated case report form',
    ja: '注釈付き症例報告書',
    zh: '带注释的病例报告表',
  },
  protocol: { en: 'Protocol', ja: '実施計画書', zh: '方案' },
  version: { en: 'Definition version', ja: '定義の版', zh: '定义版本' },
  hash: { en: 'Content hash', ja: '内容ハッシュ', zh: '内容哈希' },
  contents: { en: 'Contents', ja: '目次', zh: '目录' },
  schedule: { en: 'Schedule of events', ja: '観察スケジュール', zh: '访视安排' },
  form: { en: 'Form', ja: '様式', zh: '表单' },
  day: { en: 'Day', ja: '日', zh: '日' },
  window: { en: 'Window', ja: '許容範囲', zh: '窗口' },
  required: { en: 'required', ja: '必須', zh: '必填' },
  optional: { en: 'optional', ja: '任意', zh: '选填' },
  log: {
    en: 'log, any number of entries',
    ja: '随時記録（件数制限なし）',
    zh: '随时记录（条数不限）',
  },
  site: { en: 'Site', ja: '施設', zh: '中心' },
  subject: { en: 'Subject', ja: '被験者', zh: '受试者' },
  visit: { en: 'Visit', ja: '来院', zh: '访视' },
  entry: { en: 'Entry no.', ja: '記録番号', zh: '记录号' },
  code: { en: 'code, see list', ja: 'コード（一覧参照）', zh: '代码（见列表）' },
  computed: { en: 'calculated', ja: '自動計算', zh: '自动计算' },
  signature: { en: 'Signature, name and date', ja: '署名・氏名・日付', zh: '签名、姓名、日期' },
  onlyWhen: { en: 'only when', ja: '条件', zh: '条件' },
  derivation: { en: 'derived', ja: '導出', zh: '推导' },
  plausible: { en: 'plausible', ja: '妥当範囲', zh: '合理范围' },
  possible: { en: 'possible', ja: '許容値', zh: '可能范围' },
  checks: { en: 'Checks', ja: 'チェック', zh: '核查' },
  codeLists: { en: 'Code lists', ja: 'コードリスト', zh: '代码表' },
  missing: { en: 'missing', ja: '欠測理由', zh: '缺失原因' },
  refuses: { en: 'refuses', ja: '拒否', zh: '拒绝' },
  asks: { en: 'asks', ja: '照会', zh: '质疑' },
  notes: { en: 'notes', ja: '注意', zh: '提示' },
  system: { en: 'filled by the system', ja: 'システムが記入', zh: '由系统填写' },
} as const satisfies Record<string, Record<Language, string>>

export type CrfWord = keyof typeof words

/** A reader of the words in one language. */
export function crfWords(language: Language): (word: CrfWord) => string {
  return (word) => words[word][language]
}
