/** The table of contents of the product: every verb, once, under its name. */
import { changePassword } from '../account/change-password.ts'
import { currentSession } from '../account/reads.ts'
import { setLanguage } from '../account/set-language.ts'
import { signOutEverywhere } from '../account/sign-out-everywhere.ts'
import { freezeList } from '../allocation/freeze-list.ts'
import { generateList } from '../allocation/generate-list.ts'
import { allocationLists } from '../allocation/reads.ts'
import { revealList } from '../allocation/reveal-list.ts'
import { amendmentImpact, subjectImpact } from '../amendment/reads.ts'
import { retiredValues } from '../amendment/retired.ts'
import { migrationRuns, siteVersions } from '../amendment/run-reads.ts'
import { startRun } from '../amendment/start-run.ts'
import { stepRun } from '../amendment/step-run.ts'
import { auditTrail } from '../audit/reads.ts'
import { studyBlinding } from '../blinding/reads.ts'
import { unblindStudy } from '../blinding/unblind-study.ts'
import { unblindSubject } from '../blinding/unblind-subject.ts'
import { cutBook, reportBook } from '../book/reads.ts'
import { cutFindings } from '../cut/finding-reads.ts'
import { cutChecklist, cutFacts, cutList, cutReport, cutVerdict } from '../cut/reads.ts'
import { takeCut } from '../cut/take-cut.ts'
import { completenessDashboard } from '../dashboard/completeness.ts'
import { queryDashboard } from '../dashboard/queries.ts'
import { dashboardReach } from '../dashboard/reach.ts'
import { recruitmentDashboard } from '../dashboard/recruitment.ts'
import { safetyDashboard } from '../dashboard/safety.ts'
import { survivalDashboard } from '../dashboard/survival.ts'
import { visitsDashboard } from '../dashboard/visits.ts'
import { subjectEndpoints } from '../endpoint/reads.ts'
import { exportHistory, exportPreview } from '../export/reads.ts'
import { completeForm } from '../form/complete-form.ts'
import { completeReading } from '../form/complete-reading.ts'
import { formForEntry } from '../form/entry.ts'
import { imageReadings, readingForEntry } from '../form/readings.ts'
import { formLog, itemHistory } from '../form/reads.ts'
import { removeForm } from '../form/remove-form.ts'
import { reopenForm } from '../form/reopen-form.ts'
import { reopenReading } from '../form/reopen-reading.ts'
import { saveItems } from '../form/save-items.ts'
import { saveReading } from '../form/save-reading.ts'
import { signForm } from '../form/sign-form.ts'
import { createPerson } from '../person/create-person.ts'
import { grantRole } from '../person/grant-role.ts'
import { personList } from '../person/reads.ts'
import { revokeRole } from '../person/revoke-role.ts'
import { answerQuery } from '../query/answer-query.ts'
import { closeQuery } from '../query/close-query.ts'
import { raiseQuery } from '../query/raise-query.ts'
import { queryInbox, queryThread } from '../query/reads.ts'
import { reopenQuery } from '../query/reopen-query.ts'
import { paperKnown, paperVersus } from '../report/paper-reads.ts'
import { previewReport } from '../report/preview-report.ts'
import { reportList, reportOptions, runReport } from '../report/reads.ts'
import { saveReport } from '../report/save-report.ts'
import { traceSubject } from '../report/trace.ts'
import { withdrawReport } from '../report/withdraw-report.ts'
import { reportSource, reportWords } from '../report/writing-reads.ts'
import { adverseEvents } from '../safety/reads.ts'
import { approveVersion } from '../site/approve-version.ts'
import { createSite } from '../site/create-site.ts'
import { siteList } from '../site/reads.ts'
import { setSiteOpen } from '../site/set-site-open.ts'
import { checkDefinition } from '../study/check-definition.ts'
import { createStudy } from '../study/create-study.ts'
import { studyHome } from '../study/home.ts'
import { studyParts } from '../study/parts.ts'
import { publishVersion } from '../study/publish-version.ts'
import { studyDefinition, studyVersions } from '../study/reads.ts'
import { versionComparison } from '../study/version-comparison.ts'
import { subjectCasebook } from '../subject/casebook.ts'
import { correctWithdrawal } from '../subject/correct-withdrawal.ts'
import { subjectMatrix } from '../subject/matrix.ts'
import { subjectRandomisation } from '../subject/randomisation.ts'
import { randomiseSubject } from '../subject/randomise-subject.ts'
import { findSubjects } from '../subject/reads.ts'
import { recordRandomisation } from '../subject/record-randomisation.ts'
import { screenSubject } from '../subject/screen-subject.ts'
import { withdrawSubject } from '../subject/withdraw-subject.ts'
import { act, ask, createCallerFactory, router } from './trpc.ts'

export const appRouter = router({
  session: { current: ask(currentSession) },
  account: {
    changePassword: act(changePassword),
    signOutEverywhere: act(signOutEverywhere),
    setLanguage: act(setLanguage),
  },
  study: {
    home: ask(studyHome),
    parts: ask(studyParts),
    definition: ask(studyDefinition),
    versions: ask(studyVersions),
    compare: ask(versionComparison),
    blinding: ask(studyBlinding),
    unblind: act(unblindStudy),
    check: act(checkDefinition),
    publish: act(publishVersion),
    create: act(createStudy),
  },
  site: {
    list: ask(siteList),
    create: act(createSite),
    setOpen: act(setSiteOpen),
    approveVersion: act(approveVersion),
  },
  person: {
    list: ask(personList),
    create: act(createPerson),
    grant: act(grantRole),
    revoke: act(revokeRole),
  },
  subject: {
    matrix: ask(subjectMatrix),
    find: ask(findSubjects),
    casebook: ask(subjectCasebook),
    screen: act(screenSubject),
    withdraw: act(withdrawSubject),
    correctWithdrawal: act(correctWithdrawal),
    randomisation: ask(subjectRandomisation),
    randomise: act(randomiseSubject),
    unblind: act(unblindSubject),
    recordRandomisation: act(recordRandomisation),
  },
  form: {
    entry: ask(formForEntry),
    history: ask(itemHistory),
    log: ask(formLog),
    save: act(saveItems),
    complete: act(completeForm),
    reopen: act(reopenForm),
    remove: act(removeForm),
    sign: act(signForm),
    readings: ask(imageReadings),
    readingEntry: ask(readingForEntry),
    saveReading: act(saveReading),
    completeReading: act(completeReading),
    reopenReading: act(reopenReading),
  },
  query: {
    inbox: ask(queryInbox),
    thread: ask(queryThread),
    raise: act(raiseQuery),
    answer: act(answerQuery),
    close: act(closeQuery),
    reopen: act(reopenQuery),
  },
  safety: { adverseEvents: ask(adverseEvents) },
  dashboard: {
    reach: ask(dashboardReach),
    recruitment: ask(recruitmentDashboard),
    visits: ask(visitsDashboard),
    completeness: ask(completenessDashboard),
    queries: ask(queryDashboard),
    safety: ask(safetyDashboard),
    survival: ask(survivalDashboard),
  },
  endpoint: { subject: ask(subjectEndpoints) },
  report: {
    list: ask(reportList),
    options: ask(reportOptions),
    run: ask(runReport),
    book: ask(reportBook),
    paper: ask(paperVersus),
    paperKnown: ask(paperKnown),
    trace: ask(traceSubject),
    source: ask(reportSource),
    words: ask(reportWords),
    preview: act(previewReport),
    save: act(saveReport),
    withdraw: act(withdrawReport),
  },
  cut: {
    list: ask(cutList),
    facts: ask(cutFacts),
    report: ask(cutReport),
    book: ask(cutBook),
    checklist: ask(cutChecklist),
    findings: ask(cutFindings),
    verify: ask(cutVerdict),
    take: act(takeCut),
  },
  export: { preview: ask(exportPreview), history: ask(exportHistory) },
  audit: { trail: ask(auditTrail) },
  amendment: {
    impact: ask(amendmentImpact),
    subject: ask(subjectImpact),
    retired: ask(retiredValues),
    runs: ask(migrationRuns),
    sites: ask(siteVersions),
    migrate: act(startRun),
    step: act(stepRun),
  },
  allocation: {
    lists: ask(allocationLists),
    generate: act(generateList),
    freeze: act(freezeList),
    reveal: act(revealList),
  },
})

export type AppRouter = typeof appRouter
export const createCaller = createCallerFactory(appRouter)
