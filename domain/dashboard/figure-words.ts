/** Words inside the pictures of the dashboards; those around them are in the catalogue of messages. */
import type { Label } from '#domain/definition/definition.ts'

const label = (en: string, ja: string, zh: string): Label => ({ en, ja, zh })

export const figureWords = {
  recruitment: label('Recruitment', '登録状況', '入组情况'),
  randomised: label('Randomised', '無作為化', '已随机'),
  enrolled: label('Enrolled', '登録', '已入组'),
  screened: label('Screened', 'スクリーニング', '已筛选'),
  subjects: label('Subjects', '被験者数', '受试者数'),
  planned: label('Planned', '予定数', '计划数'),
  perMonth: label('Subjects a month', '月別被験者数', '每月受试者数'),
  atThisRate: label(
    'At the rate of the last 6 months',
    '直近6か月のペースの場合',
    '按最近 6 个月的速度',
  ),
  bySite: label('By site', '施設別', '按中心'),
  dueByVisit: label('Visits due by visit', '来院別の予定', '按访视的到期情况'),
  dueBySite: label('Visits due by site', '施設別の予定', '按中心的到期情况'),
  visits: label('Visits', '来院数', '访视数'),
  overdue: label('Overdue', '期限超過', '已逾期'),
  week: label('This week', '今週', '本周'),
  month: label('Next 4 weeks', '4週以内', '4 周内'),
  completeness: label('Forms of held visits', '実施済み来院の調査票', '已进行访视的表单'),
  doneBySite: label(
    'Forms complete by site and visit',
    '施設・来院別の入力完了割合',
    '按中心和访视的表单完成比例',
  ),
  forms: label('Forms', '調査票', '表单'),
  shareOfForms: label('Share of forms', '調査票の割合', '表单比例'),
  shareDone: label('Complete or signed', '入力完了または署名済み', '已完成或已签名'),
  notStarted: label('Not started', '未入力', '未开始'),
  inProgress: label('In progress', '入力中', '进行中'),
  complete: label('Complete', '完了', '已完成'),
  signed: label('Signed', '署名済み', '已签名'),
  queryAge: label(
    'Queries not closed by age',
    '未クローズのクエリ（経過日数別）',
    '未关闭质疑（按天数）',
  ),
  queryAgeBySite: label(
    'Queries not closed by site and age',
    '未クローズのクエリ（施設・経過日数別）',
    '未关闭质疑（按中心和天数）',
  ),
  queries: label('Queries', 'クエリ数', '质疑数'),
  open: label('Open', '未回答', '待回答'),
  answered: label('Answered', '回答済み', '已回答'),
  events: label('Events', '件数', '事件数'),
  byGrade: label('Adverse events by grade', 'グレード別有害事象', '按分级的不良事件'),
  worstGrade: label(
    'Subjects by their worst grade',
    '最悪グレード別の被験者',
    '按最高分级的受试者',
  ),
  shareOfSubjects: label('Share of subjects', '被験者の割合', '受试者比例'),
  notSerious: label('Not serious', '非重篤', '非严重'),
  serious: label('Serious', '重篤', '严重'),
  noEvent: label('No event', 'なし', '无事件'),
  noGrade: label('No grade', 'グレードなし', '未分级'),
  terms: label('Most frequent events', '頻度の高い有害事象', '最常见的不良事件'),
  withEvent: label('Subjects with the event', '発現した被験者', '发生的受试者'),
  all: label('All subjects', '全被験者', '全部受试者'),
} as const

export const gradeLabel = (grade: number): Label =>
  label(`Grade ${grade}`, `グレード${grade}`, `${grade} 级`)

export const ageLabel = (from: number, to: number | null): Label =>
  to === null
    ? label(`> ${from - 1} days`, `${from}日以上`, `> ${from - 1} 天`)
    : label(`${from}–${to} days`, `${from}–${to}日`, `${from}–${to} 天`)

export const plannedLabel = (n: number): Label =>
  label(`Planned: ${n}`, `予定：${n}名`, `计划：${n}`)

export const ofPlanned = (n: number, planned: number): Label =>
  label(`${n} of ${planned}`, `${n} / ${planned}`, `${n} / ${planned}`)
