/**
 * The words that a printed report says beside the labels of the study. They are those of the page on screen
 * (`messages/<language>/report.json`); a test compares them.
 */
import type { Language } from '#domain/definition/definition.ts'
import type { TestName } from '../report-result.ts'

export type PrintedWords = {
  population: (name: string, n: number) => string
  asOf: (at: string) => string
  definition: (version: string, hash: string) => string
  engine: (version: string) => string
  cut: (number: number, name: string, at: string, hash: string) => string
  live: string
  characteristic: string
  missing: (count: number) => string
  everybody: string
  arm: string
  events: string
  atHorizon: (time: number, unit: 'day' | 'week' | 'month') => string
  interval: string
  below: (threshold: number) => string
  notBelow: (threshold: number) => string
  excluded: (count: number) => string
  undecided: (count: number) => string
  step: string
  marks: (level: number) => string
  meanSd: string
  hazardRatio: string
  univariable: string
  multivariable: string
  reference: string
  withLimits: string
  coxFooter: (n: number, events: number, ties: string) => string
  coxExcluded: (count: number) => string
  coxModel: (n: number, events: number) => string
  subject: string
  medianIqr: string
  between: string
  marksLevel: (level: number) => string
  listed: (count: number) => string
  tests: Record<TestName, string>
  /** Conditions of the run; the page shows them as controls, paper as sentences. */
  subgroup: (grouping: string, group: string) => string
  cutOff: (day: string) => string
  otherPopulation: (name: string) => string
  setting: (name: string, value: string) => string
  masked: string
  pooled: string
  yes: string
  no: string
  row: string
  column: string
  value: string
}

const plural = (count: number, one: string, many: string) => `${count} ${count === 1 ? one : many}`

const english: PrintedWords = {
  population: (name, n) => `Population: ${name}, n = ${n}`,
  asOf: (at) => `Data as of ${at}`,
  definition: (version, hash) => `Definition ${version} (${hash})`,
  engine: (version) => `Engine ${version}`,
  cut: (number, name, at, hash) => `Cut ${number} “${name}” of ${at} (${hash})`,
  live: 'Live data',
  characteristic: 'Characteristic',
  missing: (count) => `${count} missing`,
  everybody: 'All',
  arm: 'Group',
  events: 'Events',
  atHorizon: (time, unit) => `At ${time} ${unit}s`,
  interval: '95 % limits',
  below: (threshold) => `below the planned threshold ${threshold}`,
  notBelow: (threshold) => `not below the planned threshold ${threshold}`,
  excluded: (count) =>
    `${plural(count, 'subject is left out because its dates do', 'subjects are left out because their dates do')} not give a follow-up time.`,
  undecided: (count) =>
    `${plural(count, 'subject is left out because its', 'subjects are left out because their')} endpoint is undecided.`,
  step: 'Step',
  marks: (level) =>
    `Marks: change from baseline with p < ${level} within the arm (Wilcoxon signed-rank).`,
  meanSd: 'mean (SD)',
  hazardRatio: 'Hazard ratio',
  univariable: 'univariable',
  multivariable: 'multivariable',
  reference: 'reference',
  withLimits: '(95 % limits)',
  coxFooter: (n, events, ties) =>
    `${n} subjects, ${events} events; Cox regression, ties by ${ties}`,
  coxExcluded: (count) =>
    `${plural(count, 'subject is', 'subjects are')} left out: no follow-up time.`,
  coxModel: (n, events) => `Model with all covariates: ${n} subjects, ${events} events`,
  subject: 'Subject',
  medianIqr: 'median (IQR)',
  between: 'Between groups',
  marksLevel: (level) => `Marks: change from baseline with p < ${level} within the group.`,
  listed: (count) => (count === 0 ? 'Nobody is listed.' : plural(count, 'subject', 'subjects')),
  tests: {
    't-test': 't test',
    welch: 'Welch t test',
    'mann-whitney': 'Mann-Whitney',
    'mann-whitney-cc': 'Mann-Whitney, continuity corrected',
    fisher: 'Fisher exact',
    'chi-square': 'chi-square',
    'log-rank': 'log-rank',
    gray: 'Gray’s test',
    'signed-rank': 'Wilcoxon signed-rank',
    'kruskal-wallis': 'Kruskal-Wallis',
    anova: 'analysis of variance',
    'fisher-one-sided': 'Fisher exact, one-sided',
    'paired-t': 'paired t test',
    mcnemar: 'McNemar',
  },
  subgroup: (grouping, group) => `Only subjects with ${grouping}: ${group}`,
  cutOff: (day) => `Clinical cut-off ${day}`,
  otherPopulation: (name) => `Population chosen for this run: ${name}`,
  setting: (name, value) => `${name}: ${value}`,
  masked: 'Arms stand under letters; which letter is which arm is not told.',
  pooled: 'All arms together: numbers by arm are concealed from this reader.',
  yes: 'yes',
  no: 'no',
  row: 'Row',
  column: 'Column',
  value: 'Value',
}

const japanese: PrintedWords = {
  population: (name, n) => `解析対象集団: ${name}、n = ${n}`,
  asOf: (at) => `データ時点: ${at}`,
  definition: (version, hash) => `試験定義 ${version} (${hash})`,
  engine: (version) => `計算エンジン ${version}`,
  cut: (number, name, at, hash) => `データカット ${number}「${name}」${at}（${hash}）`,
  live: '最新データ',
  characteristic: '特性',
  missing: (count) => `欠測 ${count}`,
  everybody: '全体',
  arm: '群',
  events: 'イベント',
  atHorizon: (time, unit) => `${time}${{ day: '日', week: '週', month: 'か月' }[unit]}時点`,
  interval: '95 % 信頼限界',
  below: (threshold) => `計画上の閾値 ${threshold} 未満`,
  notBelow: (threshold) => `計画上の閾値 ${threshold} 以上`,
  excluded: (count) => `日付から追跡期間を算出できない${count}例は除外しました。`,
  undecided: (count) => `評価項目を判定できない${count}例を除外しました。`,
  step: '段階',
  marks: (level) => `記号: 群内でベースラインからの変化が p < ${level}（Wilcoxon 符号付順位検定）`,
  meanSd: '平均 (SD)',
  hazardRatio: 'ハザード比',
  univariable: '単変量',
  multivariable: '多変量',
  reference: '基準',
  withLimits: '（95％信頼区間）',
  coxFooter: (n, events, ties) => `${n}例、イベント${events}件。Cox回帰、タイの処理は${ties}`,
  coxExcluded: (count) => `${count}例は観察期間がないため除外しました。`,
  coxModel: (n, events) => `全共変量のモデル：${n}例、イベント${events}件`,
  subject: '被験者',
  medianIqr: '中央値 (IQR)',
  between: '群間',
  marksLevel: (level) => `印：群内でベースラインからの変化が p < ${level}。`,
  listed: (count) => (count === 0 ? '該当する被験者はいません。' : `${count}例`),
  tests: {
    't-test': 't 検定',
    welch: 'Welch の t 検定',
    'mann-whitney': 'Mann-Whitney 検定',
    'mann-whitney-cc': 'Mann-Whitney 検定（連続修正）',
    fisher: 'Fisher 正確検定',
    'chi-square': 'カイ二乗検定',
    'log-rank': 'ログランク検定',
    gray: 'Gray検定',
    'signed-rank': 'Wilcoxon 符号付順位検定',
    'kruskal-wallis': 'Kruskal-Wallis 検定',
    anova: '分散分析',
    'fisher-one-sided': 'Fisher 正確検定（片側）',
    'paired-t': '対応のある t 検定',
    mcnemar: 'McNemar 検定',
  },
  subgroup: (grouping, group) => `対象: ${grouping}が${group}の被験者のみ`,
  cutOff: (day) => `臨床カットオフ日 ${day}`,
  otherPopulation: (name) => `この集計で選択した解析対象集団: ${name}`,
  setting: (name, value) => `${name}: ${value}`,
  masked: '群は文字で示し、どの文字がどの群かは示しません。',
  pooled: '全群の合算です。群別の数値はこの閲覧者には開示されません。',
  yes: 'はい',
  no: 'いいえ',
  row: '行',
  column: '列',
  value: '値',
}

const chinese: PrintedWords = {
  population: (name, n) => `分析人群: ${name}，n = ${n}`,
  asOf: (at) => `数据截至 ${at}`,
  definition: (version, hash) => `研究定义 ${version} (${hash})`,
  engine: (version) => `计算引擎 ${version}`,
  cut: (number, name, at, hash) => `数据截点 ${number}“${name}” ${at}（${hash}）`,
  live: '实时数据',
  characteristic: '特征',
  missing: (count) => `缺失 ${count}`,
  everybody: '全部',
  arm: '组别',
  events: '事件',
  atHorizon: (time, unit) => `${time}${{ day: '天', week: '周', month: '月' }[unit]}时`,
  interval: '95 % 置信限',
  below: (threshold) => `低于计划阈值 ${threshold}`,
  notBelow: (threshold) => `不低于计划阈值 ${threshold}`,
  excluded: (count) => `${count}名受试者因日期无法得出随访时间而未纳入。`,
  undecided: (count) => `${count}例因终点无法判定未纳入。`,
  step: '步骤',
  marks: (level) => `标记: 组内较基线变化 p < ${level}（Wilcoxon 符号秩检验）`,
  meanSd: '均值 (SD)',
  hazardRatio: '风险比',
  univariable: '单变量',
  multivariable: '多变量',
  reference: '参照',
  withLimits: '（95% 置信区间）',
  coxFooter: (n, events, ties) => `${n}名，事件${events}例；Cox 回归，结的处理：${ties}`,
  coxExcluded: (count) => `${count}名因无随访时间而排除。`,
  coxModel: (n, events) => `含全部协变量的模型：${n}名，事件${events}例`,
  subject: '受试者',
  medianIqr: '中位数 (IQR)',
  between: '组间',
  marksLevel: (level) => `标记：组内与基线相比 p < ${level}。`,
  listed: (count) => (count === 0 ? '无受试者列出。' : `${count}名`),
  tests: {
    't-test': 't 检验',
    welch: 'Welch t 检验',
    'mann-whitney': 'Mann-Whitney 检验',
    'mann-whitney-cc': 'Mann-Whitney 检验（连续性校正）',
    fisher: 'Fisher 精确检验',
    'chi-square': '卡方检验',
    'log-rank': 'log-rank 检验',
    gray: 'Gray 检验',
    'signed-rank': 'Wilcoxon 符号秩检验',
    'kruskal-wallis': 'Kruskal-Wallis 检验',
    anova: '方差分析',
    'fisher-one-sided': 'Fisher 精确检验（单侧）',
    'paired-t': '配对 t 检验',
    mcnemar: 'McNemar 检验',
  },
  subgroup: (grouping, group) => `仅限${grouping}为${group}的受试者`,
  cutOff: (day) => `临床截止日 ${day}`,
  otherPopulation: (name) => `本次运行选择的分析人群: ${name}`,
  setting: (name, value) => `${name}: ${value}`,
  masked: '各组以字母表示，不说明字母与组别的对应关系。',
  pooled: '所有组合并显示：该读者不可见分组数据。',
  yes: '是',
  no: '否',
  row: '行',
  column: '列',
  value: '值',
}

export const printedWords: Record<Language, PrintedWords> = {
  en: english,
  ja: japanese,
  zh: chinese,
}
