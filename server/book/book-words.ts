import type { Language } from '#domain/definition/definition.ts'

/** The words of title page, contents and feet of a report book, beside those of the reports themselves. */
const words = {
  title: { en: 'Report book', ja: '統計解析報告書', zh: '统计分析报告' },
  contents: { en: 'Contents', ja: '目次', zh: '目录' },
  study: { en: 'Study', ja: '試験', zh: '研究' },
  protocol: { en: 'Protocol', ja: '実施計画書', zh: '方案' },
  registry: { en: 'Registry', ja: '登録番号', zh: '注册号' },
  sponsor: { en: 'Sponsor', ja: '実施主体', zh: '申办者' },
  version: { en: 'Definition version', ja: '試験定義の版', zh: '研究定义版本' },
  definitionHash: { en: 'Definition hash', ja: '試験定義のハッシュ', zh: '研究定义哈希' },
  dataAsOf: { en: 'Data as of', ja: 'データ時点', zh: '数据截至' },
  data: { en: 'Data', ja: 'データ', zh: '数据' },
  cutHash: { en: 'Cut hash', ja: 'データカットのハッシュ', zh: '数据截点哈希' },
  live: {
    en: 'Live data, not a cut: the numbers may change',
    ja: '最新データ（データカットではなく、数値は変わりえます）',
    zh: '实时数据（非数据截点，数值可能变化）',
  },
  conditions: { en: 'Conditions', ja: '集計条件', zh: '分析条件' },
  asDefined: { en: 'As defined', ja: '定義どおり', zh: '按定义' },
  engine: { en: 'Engine version', ja: '計算エンジンの版', zh: '计算引擎版本' },
  bookHash: { en: 'Hash of this book', ja: '本報告書のハッシュ', zh: '本报告哈希' },
  populations: { en: 'Populations', ja: '解析対象集団', zh: '分析人群' },
  report: { en: 'Report', ja: '報告', zh: '报告' },
  none: {
    en: 'The study has no reports.',
    ja: 'この試験に報告はありません。',
    zh: '本研究没有报告。',
  },
  part: { en: 'Columns, part', ja: '列、部分', zh: '列，部分' },
} as const satisfies Record<string, Record<Language, string>>

export type BookWord = keyof typeof words

export function bookWords(language: Language): (word: BookWord) => string {
  return (word) => words[word][language]
}

/** In place of a table with more rows than paper takes. */
export function tooLong(rows: number, language: Language): string {
  return {
    en: `This table has ${rows} rows, more than a document takes. The CSV file of the report has them all.`,
    ja: `この表は${rows}行あり、文書に載せられる行数を超えています。全行は報告のCSVファイルにあります。`,
    zh: `该表共有${rows}行，超出文档的容量。全部内容见该报告的CSV文件。`,
  }[language]
}

const pages: Record<Language, readonly [string, string, string]> = {
  en: ['Page ', ' of ', ''],
  ja: ['', ' / ', ' ページ'],
  zh: ['第 ', ' 页，共 ', ' 页'],
}

/** What stands before, between and after the number of the page and the number of pages. */
export function pageParts(language: Language): readonly [string, string, string] {
  return pages[language]
}

/** `Page 3 of 12` */
export function pageText(page: number, of: number, language: Language): string {
  const [before, between, after] = pages[language]
  return `${before}${page}${between}${of}${after}`
}
