/** The words that the figures themselves say, in the three languages. Labels of the study come with the specification. */
import type { Language } from '#domain/definition/definition.ts'
import type { TimeUnit } from './spec-parts.ts'

/** Names of the columns of the data tables. */
export const columnNames = {
  group: { en: 'group', ja: '群', zh: '组别' },
  cause: { en: 'cause', ja: '原因', zh: '原因' },
  row: { en: 'row', ja: '行', zh: '行' },
  kind: { en: 'what', ja: '種別', zh: '类别' },
  time: { en: 'time', ja: '時間', zh: '时间' },
  value: { en: 'value', ja: '値', zh: '数值' },
  lower: { en: 'lower limit', ja: '下限', zh: '下限' },
  upper: { en: 'upper limit', ja: '上限', zh: '上限' },
  atRisk: { en: 'at risk', ja: 'リスク集合', zh: '风险人数' },
  events: { en: 'events', ja: 'イベント数', zh: '事件数' },
  censored: { en: 'censored', ja: '打ち切り', zh: '删失' },
  n: { en: 'n', ja: 'n', zh: 'n' },
  label: { en: 'label', ja: '項目', zh: '项目' },
  estimate: { en: 'estimate', ja: '推定値', zh: '估计值' },
  weight: { en: 'weight', ja: '重み', zh: '权重' },
  p: { en: 'p', ja: 'p', zh: 'p' },
  visit: { en: 'visit', ja: '来院', zh: '访视' },
  mean: { en: 'mean', ja: '平均', zh: '均值' },
  sd: { en: 'SD', ja: 'SD', zh: 'SD' },
  se: { en: 'SE', ja: 'SE', zh: 'SE' },
  marks: { en: 'marks', ja: '記号', zh: '标记' },
  minimum: { en: 'lower whisker', ja: '下ひげ', zh: '下须' },
  q1: { en: 'first quartile', ja: '第1四分位', zh: '第一四分位数' },
  median: { en: 'median', ja: '中央値', zh: '中位数' },
  q3: { en: 'third quartile', ja: '第3四分位', zh: '第三四分位数' },
  maximum: { en: 'upper whisker', ja: '上ひげ', zh: '上须' },
  outliers: { en: 'outliers', ja: '外れ値', zh: '离群值' },
  subject: { en: 'subject', ja: '被験者', zh: '受试者' },
  start: { en: 'start', ja: '開始', zh: '开始' },
  end: { en: 'end', ja: '終了', zh: '结束' },
  ongoing: { en: 'ongoing', ja: '継続中', zh: '持续中' },
  change: { en: 'change', ja: '変化', zh: '变化' },
  step: { en: 'step', ja: '段階', zh: '步骤' },
  under: { en: 'under', ja: '上位', zh: '上级' },
  x: { en: 'x', ja: 'x', zh: 'x' },
  total: { en: 'total', ja: '合計', zh: '合计' },
  date: { en: 'date', ja: '日付', zh: '日期' },
  column: { en: 'column', ja: '列', zh: '列' },
} as const satisfies Record<string, Record<Language, string>>
export type ColumnName = keyof typeof columnNames

export type Words = {
  units: Record<TimeUnit, string>
  /** A time with its unit inside a sentence. */
  span: (time: string, unit: TimeUnit) => string
  survival: string
  incidence: string
  atRisk: string
  counts: string
  noFollowUp: string
  noData: string
  notEstimable: string
  reference: string
  yes: string
  limits: (level: string) => string
  levelOf: (symbol: string, level: string, test: string, against: string) => string
  events: (count: string) => string
  median: (value: string) => string
  notReached: string
  spreads: Record<'sd' | 'se' | 'interval', string>
  whiskers: Record<'tukey' | 'min-max', string>
  leftOut: (count: number) => string
  missing: (count: number) => string
  cut: (count: number) => string
  ongoing: string
  subjects: (count: number) => string
  unlabelled: (count: number) => string
  kinds: Record<
    | 'survival'
    | 'cumulative-incidence'
    | 'forest'
    | 'visit-means'
    | 'box'
    | 'consort'
    | 'strobe'
    | 'swimmer'
    | 'waterfall'
    | 'spaghetti'
    | 'bars'
    | 'trend'
    | 'heat',
    string
  >
  fallen: (below: number, above: number, same: number) => string
  overlay: Record<'mean' | 'median', string>
  more: (count: number) => string
  listEnd: string
}

const plural = (count: string | number, one: string, many: string) =>
  `${count} ${String(count) === '1' ? one : many}`

export const words: Record<Language, Words> = {
  en: {
    units: { day: 'Days', week: 'Weeks', month: 'Months', year: 'Years' },
    span: (time, unit) => plural(time, unit, `${unit}s`),
    survival: 'Survival probability',
    incidence: 'Cumulative incidence',
    atRisk: 'Number at risk',
    counts: 'n',
    noFollowUp: 'No follow-up yet',
    noData: 'No values to draw yet',
    notEstimable: 'NA',
    reference: 'Reference',
    yes: 'yes',
    limits: (level) => `${level} % CI`,
    levelOf: (symbol, level, test, against) =>
      `${symbol} p < ${level}${against === '' ? '' : ` ${against}`} (${test})`,
    events: (count) => plural(count, 'event', 'events'),
    median: (value) => `median ${value}`,
    notReached: 'not reached',
    spreads: { sd: 'Mean ± SD', se: 'Mean ± SE', interval: 'Mean with confidence interval' },
    whiskers: {
      tukey: 'Box: median and quartiles; whiskers: last value within 1.5 interquartile ranges',
      'min-max': 'Box: median and quartiles; whiskers: minimum and maximum',
    },
    leftOut: (count) =>
      `${plural(count, 'value that is not positive is', 'values that are not positive are')} left out of the log scale`,
    missing: (count) => `${plural(count, 'subject', 'subjects')} without a value`,
    cut: (count) => `${plural(count, 'bar ends', 'bars end')} at the edge of the axis`,
    ongoing: 'Ongoing',
    subjects: (count) => plural(count, 'subject', 'subjects'),
    unlabelled: (count) => `${count} subjects, one bar each, without names`,
    kinds: {
      survival: 'Kaplan-Meier curves',
      'cumulative-incidence': 'Cumulative incidence curves of competing causes',
      forest: 'Forest plot',
      'visit-means': 'Means by visit',
      box: 'Box plots',
      consort: 'CONSORT flow diagram',
      strobe: 'STROBE flow diagram',
      swimmer: 'Swimmer plot',
      waterfall: 'Waterfall plot of best change',
      spaghetti: 'Lines of single subjects',
      bars: 'Bars of counts',
      trend: 'Counts over time',
      heat: 'Heat map of shares',
    },
    fallen: (below, above, same) => `${below} below zero, ${above} above zero, ${same} unchanged`,
    overlay: { mean: 'Thick line: mean', median: 'Thick line: median' },
    more: (count) => `and ${count} more`,
    listEnd: '.',
  },
  ja: {
    units: { day: '日', week: '週', month: 'か月', year: '年' },
    span: (time, unit) => `${time}${{ day: '日', week: '週', month: 'か月', year: '年' }[unit]}`,
    survival: '生存率',
    incidence: '累積発生率',
    atRisk: 'リスク集合',
    counts: 'n',
    noFollowUp: '追跡データがありません',
    noData: '描画する値がありません',
    notEstimable: '推定不能',
    reference: '基準',
    yes: 'はい',
    limits: (level) => `${level} % 信頼区間`,
    levelOf: (symbol, level, test, against) =>
      `${symbol} p < ${level}${against === '' ? '' : `、${against}`}（${test}）`,
    events: (count) => `イベント ${count}`,
    median: (value) => `中央値 ${value}`,
    notReached: '未到達',
    spreads: { sd: '平均 ± SD', se: '平均 ± SE', interval: '平均と信頼区間' },
    whiskers: {
      tukey: '箱：中央値と四分位点、ひげ：四分位範囲の1.5倍以内の最端値',
      'min-max': '箱：中央値と四分位点、ひげ：最小値と最大値',
    },
    leftOut: (count) => `正でない値 ${count} 個は対数軸に表示していません`,
    missing: (count) => `値のない被験者 ${count} 名`,
    cut: (count) => `${count} 本の棒は軸の端で切れています`,
    ongoing: '継続中',
    subjects: (count) => `${count} 名`,
    unlabelled: (count) => `被験者 ${count} 名（1名1本、名称は省略）`,
    kinds: {
      survival: 'カプラン・マイヤー曲線',
      'cumulative-incidence': '競合リスクの累積発生率曲線',
      forest: 'フォレストプロット',
      'visit-means': '来院ごとの平均',
      box: '箱ひげ図',
      consort: 'CONSORTフロー図',
      strobe: 'STROBEフロー図',
      swimmer: 'スイマープロット',
      waterfall: '最良変化のウォーターフォールプロット',
      spaghetti: '被験者ごとの折れ線',
      bars: '件数の棒グラフ',
      trend: '件数の推移',
      heat: '割合のヒートマップ',
    },
    fallen: (below, above, same) => `低下 ${below}、上昇 ${above}、不変 ${same}`,
    overlay: { mean: '太線：平均', median: '太線：中央値' },
    more: (count) => `ほか ${count} 件`,
    listEnd: '。',
  },
  zh: {
    units: { day: '天', week: '周', month: '月', year: '年' },
    span: (time, unit) => `${time} ${{ day: '天', week: '周', month: '个月', year: '年' }[unit]}`,
    survival: '生存概率',
    incidence: '累积发生率',
    atRisk: '风险人数',
    counts: 'n',
    noFollowUp: '尚无随访数据',
    noData: '尚无可绘制的数值',
    notEstimable: '不可估计',
    reference: '参照',
    yes: '是',
    limits: (level) => `${level} % 置信区间`,
    levelOf: (symbol, level, test, against) =>
      `${symbol} p < ${level}${against === '' ? '' : `，${against}`}（${test}）`,
    events: (count) => `事件 ${count}`,
    median: (value) => `中位数 ${value}`,
    notReached: '未达到',
    spreads: { sd: '均值 ± SD', se: '均值 ± SE', interval: '均值及置信区间' },
    whiskers: {
      tukey: '箱体：中位数和四分位数；须：1.5 倍四分位距内的最远值',
      'min-max': '箱体：中位数和四分位数；须：最小值和最大值',
    },
    leftOut: (count) => `${count} 个非正数值未显示在对数轴上`,
    missing: (count) => `${count} 名受试者无数值`,
    cut: (count) => `${count} 个条形在坐标轴边缘截断`,
    ongoing: '持续中',
    subjects: (count) => `${count} 名受试者`,
    unlabelled: (count) => `${count} 名受试者，每人一条，未标名称`,
    kinds: {
      survival: 'Kaplan-Meier 曲线',
      'cumulative-incidence': '竞争风险的累积发生率曲线',
      forest: '森林图',
      'visit-means': '各访视均值',
      box: '箱线图',
      consort: 'CONSORT 流程图',
      strobe: 'STROBE 流程图',
      swimmer: '泳道图',
      waterfall: '最佳变化瀑布图',
      spaghetti: '个体折线图',
      bars: '计数条形图',
      trend: '计数随时间变化',
      heat: '比例热图',
    },
    fallen: (below, above, same) => `下降 ${below}，上升 ${above}，不变 ${same}`,
    overlay: { mean: '粗线：均值', median: '粗线：中位数' },
    more: (count) => `另有 ${count} 项`,
    listEnd: '。',
  },
}
