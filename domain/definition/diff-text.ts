/** Every kind of change between two versions: its stable code, what it means for stored data, and its sentence. */
import type { ItemType, Label, Language } from './definition.ts'

/**
 * What a change does to data that are stored already. none: nothing; reevaluated: rules speak again, no value is touched;
 * risk: values may lose their place, their meaning or their type; forbidden: not once subjects are allocated.
 */
export const changeSeverities = ['none', 'reevaluated', 'risk', 'forbidden'] as const
export type ChangeSeverity = (typeof changeSeverities)[number]

type Sentence = readonly [ChangeSeverity, en: string, ja: string, zh: string]

// biome-ignore format: a table reads best with one change a line
const texts = {
  // study
  'study-text-changed': ['none', '{name}: “{before}” became “{after}”.', '{name}：「{before}」を「{after}」に変更。', '{name}：“{before}”改为“{after}”。'],
  'mode-changed': ['reevaluated', 'The mode of the study became {after}; it was {before}.', '試験の方式が {before} から {after} に変更。', '研究模式由 {before} 改为 {after}。'],
  'languages-changed': ['none', 'The languages became {after}; they were {before}.', '言語が {before} から {after} に変更。', '语言由 {before} 改为 {after}。'],
  'anchor-changed': ['risk', 'Day 1 is counted from another date.', '第1日の起点が変更。', '第1天的起算日期改变。'],
  'consent-changed': ['reevaluated', 'The consent date is read from another place.', '同意日の参照先が変更。', '知情同意日期的来源改变。'],
  'visit-date-changed': ['risk', 'The date of a visit is read from {after}; it was {before}.', '来院日の参照先が {before} から {after} に変更。', '访视日期的来源由 {before} 改为 {after}。'],
  'subject-states-changed': ['reevaluated', 'The rules for the state of a subject changed.', '被験者の状態を決める規則が変更。', '受试者状态的规则改变。'],
  'follow-up-goes-on': ['reevaluated', 'Visits of discontinued subjects fall due.', '中止した被験者の来院も予定に含める。', '已中止的受试者仍须按计划访视。'],
  'follow-up-ends': ['reevaluated', 'Visits of discontinued subjects no longer fall due.', '中止した被験者の来院を予定から外す。', '已中止的受试者不再按计划访视。'],
  'column-added': ['none', 'Lists of subjects show {name}.', '被験者一覧に {name} を表示。', '受试者列表增加 {name}。'],
  'column-removed': ['none', 'Lists of subjects show {name} no more.', '被験者一覧から {name} を除外。', '受试者列表不再显示 {name}。'],
  'column-changed': ['none', 'Lists of subjects read {name} in another way.', '被験者一覧の {name} の読み方が変更。', '受试者列表中 {name} 的取值方式改变。'],
  // forms and groups
  'form-added': ['none', 'The form {name} is new.', 'フォーム {name} を追加。', '新增表单 {name}。'],
  'form-removed': ['risk', 'The form {name} is gone; its stored values are kept and shown as of the older version.', 'フォーム {name} を廃止。保存済みの値は保持され、旧版の値として表示。', '表单 {name} 已取消；已保存的值保留，并作为旧版本的值显示。'],
  'form-renamed': ['reevaluated', 'The form {name} was {before}; its records go along.', 'フォーム {before} を {name} に改名。記録は引き継がれる。', '表单 {before} 更名为 {name}；记录随之转移。'],
  'form-relabelled': ['none', 'The form {place} is called “{after}”; it was “{before}”.', 'フォーム {place} の名称を「{before}」から「{after}」に変更。', '表单 {place} 的名称由“{before}”改为“{after}”。'],
  'form-repeats-changed': ['risk', 'The form {name} {after}.', 'フォーム {name}：{after}。', '表单 {name}：{after}。'],
  'form-settings-changed': ['none', 'The form {name} has another {after}.', 'フォーム {name} の {after} を変更。', '表单 {name} 的 {after} 改变。'],
  'form-system-changed': ['reevaluated', 'The form {name} {after}.', 'フォーム {name}：{after}。', '表单 {name}：{after}。'],
  'signature-changed': ['reevaluated', 'What a signature of the form {name} stands for, or whether it is required, changed.', 'フォーム {name} の署名の意味または要否が変更。', '表单 {name} 的签名含义或是否必需有变。'],
  'group-added': ['none', 'The group {name} is new.', '項目群 {name} を追加。', '新增项目组 {name}。'],
  'group-removed': ['none', 'The group {name} is gone.', '項目群 {name} を廃止。', '项目组 {name} 已取消。'],
  'group-renamed': ['reevaluated', 'The group {name} was {before}; stored values are carried over.', '項目群 {before} を {name} に改名。保存済みの値は引き継がれる。', '项目组 {before} 更名为 {name}；已保存的值随之转移。'],
  'group-relabelled': ['none', 'The heading or the hint of {name} changed.', '{name} の見出しまたは説明を変更。', '{name} 的标题或提示改变。'],
  'group-repeats-changed': ['risk', 'Rows of the group {name}: {after}; before: {before}.', '項目群 {name} の行：{before} から {after} に変更。', '项目组 {name} 的行：由 {before} 改为 {after}。'],
  'group-condition-changed': ['reevaluated', 'When the group {name} is open changed.', '項目群 {name} を開く条件が変更。', '项目组 {name} 的启用条件改变。'],
  'group-layout-changed': ['none', 'The layout of the group {name} changed.', '項目群 {name} の配置を変更。', '项目组 {name} 的版式改变。'],
  'row-added': ['none', 'The row {after} of {name} is new.', '{name} に行 {after} を追加。', '{name} 新增行 {after}。'],
  'row-removed': ['risk', 'The row {before} of {name} is gone; its stored values are kept.', '{name} の行 {before} を廃止。保存済みの値は保持。', '{name} 的行 {before} 已取消；已保存的值保留。'],
  'row-relabelled': ['none', 'The row {after} of {name} has another label or note.', '{name} の行 {after} の表記を変更。', '{name} 的行 {after} 的文字改变。'],
  'row-unit-changed': ['risk', 'The unit of the row {place} became {after}; it was {before}.', '行 {place} の単位が {before} から {after} に変更。', '行 {place} 的单位由 {before} 改为 {after}。'],
  'row-units-changed': ['risk', 'The units accepted for the row {place}, or their factors, changed.', '行 {place} で使える単位または換算係数が変更。', '行 {place} 可用的单位或换算系数改变。'],
  'row-reference-changed': ['reevaluated', 'The reference range of the row {place} became {after}; it was {before}.', '行 {place} の基準範囲が {before} から {after} に変更。', '行 {place} 的参考范围由 {before} 改为 {after}。'],
  'row-required': ['reevaluated', 'The row {place} must be filled.', '行 {place} が必須に。', '行 {place} 变为必填。'],
  'row-not-required': ['reevaluated', 'The row {place} need not be filled.', '行 {place} が任意に。', '行 {place} 不再必填。'],
  'row-sets-changed': ['reevaluated', 'Which rows of {name} a visit uses changed.', '{name} の来院ごとの使用行が変更。', '{name} 各访视使用的行改变。'],
  // items
  'item-added': ['none', 'The item {name} is new.', '項目 {name} を追加。', '新增项目 {name}。'],
  'item-added-required': ['reevaluated', 'The item {name} is new and must be filled: complete forms open again.', '必須項目 {name} を追加。完了済みのフォームは再び開く。', '新增必填项目 {name}：已完成的表单将重新打开。'],
  'item-removed': ['risk', 'The item {name} is gone; its stored values are kept and shown as of the older version.', '項目 {name} を廃止。保存済みの値は保持され、旧版の値として表示。', '项目 {name} 已取消；已保存的值保留，并作为旧版本的值显示。'],
  'item-renamed': ['reevaluated', 'The item {name} was {before}; stored values are carried over.', '項目 {before} を {name} に改名。保存済みの値は引き継がれる。', '项目 {before} 更名为 {name}；已保存的值随之转移。'],
  'item-moved': ['reevaluated', 'The item {name} moved from the group {before} to {after}.', '項目 {name} を項目群 {before} から {after} に移動。', '项目 {name} 由项目组 {before} 移至 {after}。'],
  'item-moved-apart': ['risk', 'The item {name} moved from the group {before} to {after}, whose rows are other ones; stored values stay behind.', '項目 {name} を行の異なる項目群 {before} から {after} に移動。保存済みの値は旧位置に残る。', '项目 {name} 由项目组 {before} 移至行不同的 {after}；已保存的值留在原处。'],
  'item-relabelled': ['none', '{place} is called “{after}”; it was “{before}”.', '{place} の名称を「{before}」から「{after}」に変更。', '{place} 的名称由“{before}”改为“{after}”。'],
  'item-hint-changed': ['none', 'The hint of {name} changed.', '{name} の説明を変更。', '{name} 的提示改变。'],
  'item-retyped': ['risk', '{name} is now {after}; it was {before}.', '{name} の型が {before} から {after} に変更。', '{name} 的类型由 {before} 改为 {after}。'],
  'item-retyped-wider': ['reevaluated', '{name} is now {after}; it was {before}. Every stored value still fits.', '{name} の型が {before} から {after} に変更。保存済みの値はすべて有効。', '{name} 的类型由 {before} 改为 {after}；已保存的值仍全部有效。'],
  'item-length-narrowed': ['risk', '{name} takes {after}; it took {before}.', '{name} の桁数が {before} から {after} に縮小。', '{name} 的位数由 {before} 缩减为 {after}。'],
  'item-length-widened': ['reevaluated', '{name} takes {after}; it took {before}.', '{name} の桁数が {before} から {after} に拡大。', '{name} 的位数由 {before} 扩大为 {after}。'],
  'item-unit-changed': ['risk', 'The unit of {name} became {after}; it was {before}. Stored numbers are not converted.', '{name} の単位が {before} から {after} に変更。保存済みの数値は換算されない。', '{name} 的单位由 {before} 改为 {after}；已保存的数值不换算。'],
  'item-list-changed': ['risk', '{name} is chosen from the list {after}; it was {before}.', '{name} の選択肢リストが {before} から {after} に変更。', '{name} 的代码表由 {before} 改为 {after}。'],
  'item-codes-removed': ['risk', '{name} offers {before} no more.', '{name} の選択肢から {before} を除外。', '{name} 不再提供 {before}。'],
  'item-codes-added': ['none', '{name} also offers {after}.', '{name} の選択肢に {after} を追加。', '{name} 增加选项 {after}。'],
  'range-tightened': ['reevaluated', 'The plausible range of {name} is tighter: {after}, was {before}.', '{name} の妥当範囲を {before} から {after} に縮小。', '{name} 的合理范围收紧：{before} 改为 {after}。'],
  'range-loosened': ['reevaluated', 'The plausible range of {name} is wider: {after}, was {before}.', '{name} の妥当範囲を {before} から {after} に拡大。', '{name} 的合理范围放宽：{before} 改为 {after}。'],
  'range-changed': ['reevaluated', 'The plausible range of {name} moved: {after}, was {before}.', '{name} の妥当範囲を {before} から {after} に変更。', '{name} 的合理范围改变：{before} 改为 {after}。'],
  'limits-tightened': ['risk', 'The possible range of {name} is tighter: {after}, was {before}. Stored values outside it are asked about.', '{name} の許容範囲を {before} から {after} に縮小。範囲外の保存済みの値にはクエリが出る。', '{name} 的允许范围收紧：{before} 改为 {after}；范围外的已存值将产生质疑。'],
  'limits-loosened': ['reevaluated', 'The possible range of {name} is wider: {after}, was {before}.', '{name} の許容範囲を {before} から {after} に拡大。', '{name} 的允许范围放宽：{before} 改为 {after}。'],
  'limits-changed': ['risk', 'The possible range of {name} moved: {after}, was {before}. Stored values outside it are asked about.', '{name} の許容範囲を {before} から {after} に変更。範囲外の保存済みの値にはクエリが出る。', '{name} 的允许范围改变：{before} 改为 {after}；范围外的已存值将产生质疑。'],
  'item-required': ['reevaluated', '{name} must be filled: complete forms without it open again.', '{name} が必須に。未記入の完了済みフォームは再び開く。', '{name} 变为必填：缺少它的已完成表单将重新打开。'],
  'item-not-required': ['reevaluated', '{name} need not be filled.', '{name} が任意に。', '{name} 不再必填。'],
  'item-required-changed': ['reevaluated', 'When {name} must be filled changed.', '{name} が必須となる条件が変更。', '{name} 的必填条件改变。'],
  'item-condition-changed': ['reevaluated', 'When {name} is open changed.', '{name} を開く条件が変更。', '{name} 的启用条件改变。'],
  'derivation-added': ['reevaluated', '{name} is calculated.', '{name} が計算項目に。', '{name} 变为计算项。'],
  'derivation-removed': ['risk', '{name} is calculated no more; its calculated values stay in the history only.', '{name} の計算を廃止。計算済みの値は履歴にのみ残る。', '{name} 不再计算；已计算的值仅保留在历史中。'],
  'derivation-changed': ['reevaluated', '{name} is calculated in another way.', '{name} の計算式が変更。', '{name} 的计算方式改变。'],
  'entry-mode-changed': ['reevaluated', 'Whether {name} may be typed over changed: {after}, was {before}.', '{name} の手入力の可否が {before} から {after} に変更。', '{name} 是否可手工录入：{before} 改为 {after}。'],
  'preset-changed': ['none', 'The proposed value of {name} changed.', '{name} の初期値の提案が変更。', '{name} 的预设值改变。'],
  'missing-reasons-changed': ['reevaluated', 'The reasons offered for a missing {name} are {after}; they were {before}.', '{name} の欠測理由が {before} から {after} に変更。', '{name} 的缺失原因由 {before} 改为 {after}。'],
  'future-changed': ['reevaluated', 'Whether {name} may lie in the future changed.', '{name} に未来の日付を認めるかが変更。', '{name} 是否可为将来日期有变。'],
  'source-changed': ['none', '{name} refers to another section of the protocol.', '{name} の計画書の参照箇所を変更。', '{name} 的方案出处改变。'],
  'item-setting-changed': ['reevaluated', 'The setting “{after}” of {name} changed.', '{name} の設定「{after}」を変更。', '{name} 的设置“{after}”改变。'],
  // code lists
  'list-added': ['none', 'The code list {name} is new.', 'コードリスト {name} を追加。', '新增代码表 {name}。'],
  'list-removed': ['none', 'The code list {name} is gone.', 'コードリスト {name} を廃止。', '代码表 {name} 已取消。'],
  'code-added': ['none', 'The list {place} has the new code {after}.', 'リスト {place} にコード {after} を追加。', '代码表 {place} 新增代码 {after}。'],
  'code-removed': ['risk', 'The list {place} has the code {before} no more; stored values keep it and are asked about.', 'リスト {place} からコード {before} を削除。保存済みの値は保持され、クエリが出る。', '代码表 {place} 删除代码 {before}；已保存的值保留并产生质疑。'],
  'code-replaced': ['reevaluated', 'In the list {place} {after} takes the place of {before}; stored values are carried over.', 'リスト {place} の {before} を {after} に置き換え。保存済みの値は引き継がれる。', '代码表 {place} 中 {after} 取代 {before}；已保存的值随之转换。'],
  'code-relabelled': ['none', 'In the list {place} {before} became {after}.', 'リスト {place} の {before} を {after} に変更。', '代码表 {place} 中 {before} 改为 {after}。'],
  'code-missing-changed': ['reevaluated', 'Whether the code {after} of the list {place} stands for a missing value changed.', 'リスト {place} のコード {after} を欠測とするかが変更。', '代码表 {place} 的代码 {after} 是否表示缺失有变。'],
  // schedule
  'event-added': ['none', 'The visit {name} is new.', '来院 {name} を追加。', '新增访视 {name}。'],
  'event-removed': ['risk', 'The visit {name} is gone; its stored values are kept and shown as of the older version.', '来院 {name} を廃止。保存済みの値は保持され、旧版の値として表示。', '访视 {name} 已取消；已保存的值保留，并作为旧版本的值显示。'],
  'event-renamed': ['reevaluated', 'The visit {name} was {before}; its records go along.', '来院 {before} を {name} に改名。記録は引き継がれる。', '访视 {before} 更名为 {name}；记录随之转移。'],
  'event-relabelled': ['none', 'The visit {place} is called “{after}”; it was “{before}”.', '来院 {place} の名称を「{before}」から「{after}」に変更。', '访视 {place} 的名称由“{before}”改为“{after}”。'],
  'event-kind-changed': ['risk', 'The visit {name} is of kind {after}; it was {before}.', '来院 {name} の種類が {before} から {after} に変更。', '访视 {name} 的类别由 {before} 改为 {after}。'],
  'event-day-moved': ['reevaluated', 'The visit {name} is planned on day {after}; it was day {before}.', '来院 {name} の予定日が第 {before} 日から第 {after} 日に変更。', '访视 {name} 的计划日由第 {before} 天改为第 {after} 天。'],
  'window-tightened': ['reevaluated', 'The window of the visit {name} is tighter: {after}, was {before}.', '来院 {name} の許容幅を {before} から {after} に縮小。', '访视 {name} 的窗口收紧：{before} 改为 {after}。'],
  'window-loosened': ['reevaluated', 'The window of the visit {name} is wider: {after}, was {before}.', '来院 {name} の許容幅を {before} から {after} に拡大。', '访视 {name} 的窗口放宽：{before} 改为 {after}。'],
  'window-moved': ['reevaluated', 'The window of the visit {name} moved: {after}, was {before}.', '来院 {name} の許容幅を {before} から {after} に変更。', '访视 {name} 的窗口改变：{before} 改为 {after}。'],
  'form-scheduled': ['none', 'The visit {name} also has the form {after}.', '来院 {name} にフォーム {after} を追加。', '访视 {name} 增加表单 {after}。'],
  'form-unscheduled': ['risk', 'The visit {name} has the form {before} no more; what was entered there is kept.', '来院 {name} からフォーム {before} を除外。入力済みの値は保持。', '访视 {name} 不再有表单 {before}；已录入的内容保留。'],
  'form-schedule-changed': ['reevaluated', 'How the visit {name} uses the form {after} changed (rows, condition or whether it is required).', '来院 {name} でのフォーム {after} の使い方（行・条件・要否）が変更。', '访视 {name} 使用表单 {after} 的方式（行、条件或是否必需）改变。'],
  'event-setting-changed': ['reevaluated', 'The setting “{after}” of the visit {name} changed.', '来院 {name} の設定「{after}」を変更。', '访视 {name} 的设置“{after}”改变。'],
  'order-changed': ['none', 'The order of the {name} changed.', '{name} の順序を変更。', '{name} 的顺序改变。'],
  // rules
  'check-added': ['reevaluated', 'The check {name} is new.', 'チェック {name} を追加。', '新增核查 {name}。'],
  'check-removed': ['reevaluated', 'The check {name} is gone; its open queries close.', 'チェック {name} を廃止。未解決のクエリは閉じる。', '核查 {name} 已取消；其未决质疑将关闭。'],
  'check-rule-changed': ['reevaluated', 'The rule of the check {name} changed.', 'チェック {name} の規則が変更。', '核查 {name} 的规则改变。'],
  'check-moved': ['reevaluated', 'The check {name} speaks at {after}; it spoke at {before}.', 'チェック {name} の対象が {before} から {after} に変更。', '核查 {name} 的位置由 {before} 改为 {after}。'],
  'check-tightened': ['reevaluated', 'The check {name} is stricter: {after}, was {before}.', 'チェック {name} を強化：{before} から {after}。', '核查 {name} 加强：{before} 改为 {after}。'],
  'check-loosened': ['reevaluated', 'The check {name} is milder: {after}, was {before}.', 'チェック {name} を緩和：{before} から {after}。', '核查 {name} 放宽：{before} 改为 {after}。'],
  'check-message-changed': ['none', 'The words of the check {name} changed.', 'チェック {name} の文言を変更。', '核查 {name} 的文字改变。'],
  'check-tests-changed': ['none', 'The tests of the check {name} changed.', 'チェック {name} のテストを変更。', '核查 {name} 的测试改变。'],
  'derivation-tests-changed': ['none', 'The tests of derivations changed.', '導出のテストを変更。', '派生项的测试改变。'],
  'parameter-added': ['none', 'The parameter {name} is new: {after}.', 'パラメータ {name} を追加：{after}。', '新增参数 {name}：{after}。'],
  'parameter-removed': ['none', 'The parameter {name} is gone.', 'パラメータ {name} を廃止。', '参数 {name} 已取消。'],
  'parameter-changed': ['reevaluated', 'The parameter {name} became {after}; it was {before}.', 'パラメータ {name} が {before} から {after} に変更。', '参数 {name} 由 {before} 改为 {after}。'],
  'variable-added': ['none', 'The variable {name} is new.', '変数 {name} を追加。', '新增变量 {name}。'],
  'variable-removed': ['none', 'The variable {name} is gone.', '変数 {name} を廃止。', '变量 {name} 已取消。'],
  'variable-changed': ['reevaluated', 'The variable {name} is worked out in another way.', '変数 {name} の求め方が変更。', '变量 {name} 的计算方式改变。'],
  'population-added': ['none', 'The population {name} is new.', '解析対象集団 {name} を追加。', '新增分析人群 {name}。'],
  'population-removed': ['none', 'The population {name} is gone.', '解析対象集団 {name} を廃止。', '分析人群 {name} 已取消。'],
  'population-changed': ['none', 'Who belongs to the population {name} changed.', '解析対象集団 {name} の定義が変更。', '分析人群 {name} 的定义改变。'],
  'endpoint-added': ['none', 'The endpoint {name} is new.', '評価項目 {name} を追加。', '新增终点 {name}。'],
  'endpoint-removed': ['none', 'The endpoint {name} is gone.', '評価項目 {name} を廃止。', '终点 {name} 已取消。'],
  'endpoint-changed': ['none', 'The definition of the endpoint {name} changed.', '評価項目 {name} の定義が変更。', '终点 {name} 的定义改变。'],
  'report-added': ['none', 'The report {name} is new.', '報告書 {name} を追加。', '新增报告 {name}。'],
  'report-removed': ['none', 'The report {name} is gone.', '報告書 {name} を廃止。', '报告 {name} 已取消。'],
  'report-changed': ['none', 'The report {name} changed.', '報告書 {name} を変更。', '报告 {name} 改变。'],
  'paper-changed': ['none', 'The figures of the paper that reports are compared with changed.', '報告書と照合する論文の数値が変更。', '用于与报告比对的论文数值改变。'],
  'part-changed': ['reevaluated', 'The part “{name}” of the definition changed.', '定義の「{name}」の部分が変更。', '定义中的“{name}”部分改变。'],
  // allocation
  'allocation-added': ['none', 'Subjects are allocated to arms.', '割付を追加。', '新增随机分组。'],
  'allocation-removed': ['forbidden', 'Subjects are allocated to arms no more.', '割付を廃止。', '取消随机分组。'],
  'strata-changed': ['forbidden', 'The strata of the allocation became {after}; they were {before}.', '割付の層が {before} から {after} に変更。', '随机分层由 {before} 改为 {after}。'],
  'stratum-rule-changed': ['forbidden', 'The rule for the stratum of a subject changed.', '被験者の層を決める規則が変更。', '受试者分层的规则改变。'],
  'arms-changed': ['forbidden', 'The arms or their ratio became {after}; they were {before}.', '群または割付比が {before} から {after} に変更。', '组别或分配比例由 {before} 改为 {after}。'],
  'allocation-form-changed': ['forbidden', 'Allocations are written to {after}; it was {before}.', '割付の記録先が {before} から {after} に変更。', '随机分组结果的记录表由 {before} 改为 {after}。'],
  'blinding-changed': ['forbidden', 'Whether the allocation is open-label changed.', '割付の公開・盲検の別が変更。', '随机分组是否开放有变。'],
  'blinding-loosened': ['forbidden', 'Less is concealed from people who must not know arms: {after}; it was {before}.', '群を知ってはならない人への非開示が {before} から {after} に減少。', '对不得知晓组别者隐藏的内容减少：由 {before} 改为 {after}。'],
  'blinding-tightened': ['none', 'More is concealed from people who must not know arms: {after}; it was {before}.', '群を知ってはならない人への非開示が {before} から {after} に拡大。', '对不得知晓组别者隐藏的内容增加：由 {before} 改为 {after}。'],
  'preconditions-changed': ['none', 'What must be true before an allocation changed.', '割付前の確認条件が変更。', '随机分组的前提条件改变。'],
  'allocation-relabelled': ['none', 'Names of strata or arms changed.', '層または群の名称を変更。', '分层或组别的名称改变。'],
} as const satisfies Record<string, Sentence>

export type ChangeCode = keyof typeof texts
export const changeCodes = Object.keys(texts) as ChangeCode[]

export const severityOf = (code: ChangeCode): ChangeSeverity => texts[code][0]

/** Fills the marks of a sentence in all languages; a mark may differ by language. */
export function sentenceOf(
  code: ChangeCode,
  marks: Readonly<Record<string, Label | string>>,
): Required<Label> {
  const [, en, ja, zh] = texts[code]
  return { en: filled(en, marks, 'en'), ja: filled(ja, marks, 'ja'), zh: filled(zh, marks, 'zh') }
}

function filled(
  text: string,
  marks: Readonly<Record<string, Label | string>>,
  language: Language,
): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => {
    const mark = marks[name] ?? '–'
    return typeof mark === 'string' ? mark : (mark[language] ?? mark.en)
  })
}

export const typeWords: Readonly<Record<ItemType, Required<Label>>> = {
  text: { en: 'a text', ja: '文字列', zh: '文本' },
  integer: { en: 'a whole number', ja: '整数', zh: '整数' },
  decimal: { en: 'a number', ja: '数値', zh: '数值' },
  date: { en: 'a date', ja: '日付', zh: '日期' },
  partialDate: { en: 'a date that may be partial', ja: '不完全を許す日付', zh: '可不完整的日期' },
  dateTime: { en: 'a date and time', ja: '日時', zh: '日期时间' },
  time: { en: 'a time', ja: '時刻', zh: '时间' },
  code: { en: 'one code of a list', ja: 'リストから1つ', zh: '代码表单选' },
  codes: { en: 'several codes of a list', ja: 'リストから複数', zh: '代码表多选' },
  file: { en: 'a file', ja: 'ファイル', zh: '文件' },
}
