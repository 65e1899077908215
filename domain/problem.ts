/**
 * Every error a person can meet, as one closed list. The English text is the fallback of the message catalogues
 * (`problem.<code>`); `{name}` marks are filled from `details`. Anything outside this list is shown as `unexpected`
 * with an id, never with its own text.
 */
export const problemTexts = {
  'not-signed-in':
    'Your session has ended. Sign in again; what you typed is kept on this computer.',
  'wrong-credentials': 'User name or password is not right, or the account is locked for a while.',
  'password-change-needed': 'Choose your own password first; the one you have is temporary.',
  'wrong-password': 'The password is not right. Nothing was done.',
  'not-allowed': 'Your role in this study does not include this. {who} can help.',
  'not-found': 'There is nothing here that you may see.',
  'invalid-input': '{where}: {what}',
  'unknown-item': '{path} is not an item of this form.',
  'wrong-type': '{label}: {what}',
  'outside-hard-limits': '{label}: {value} is outside the possible range {range}.',
  'future-date': '{label}: {value} lies in the future.',
  'code-not-in-list': '{label}: {value} is not one of the codes of this list.',
  'item-not-open': '{label} is not to be filled in here: {why}',
  'check-refused': '{message}',
  'reason-required': '{label} was saved before; a change needs a reason.',
  'value-changed-meanwhile': '{label} was changed meanwhile by {who}: it now reads {value}.',
  'record-changed-meanwhile':
    'This form was changed meanwhile. Load it again to see the new state.',
  'form-not-editable': 'This form is {state}. {who} can open it again.',
  'form-incomplete': 'The form cannot be completed yet: {what}',
  'form-not-complete': 'Only a complete form can be signed.',
  'subject-not-active': 'The subject is {state}; nothing more can be entered.',
  'after-withdrawal':
    'Consent was withdrawn on {day}, and this entry is of {date}. Only data up to the day of withdrawal can still be entered or corrected.',
  'withdrawal-in-future': 'The day of withdrawal, {day}, lies ahead.',
  'withdrawal-before-enrolment':
    'The day of withdrawal, {day}, lies before the subject came into the study on {first}. If the first visit was earlier, enter its date first.',
  'no-withdrawal-step':
    'This withdrawal is told by a form of the casebook, not by the step of withdrawal. Correct it in that form.',
  'readings-open':
    'Differences are resolved once {count} readings of this image are complete; they are not yet.',
  'consent-missing': 'No written consent is recorded for this subject.',
  'not-eligible': 'Not every eligibility criterion is confirmed: {what}',
  'eligibility-not-signed': 'The investigator has not signed the eligibility form.',
  'stratum-unknown': 'The stratum cannot be read: {what}',
  'already-randomised': 'This subject was randomised before. The allocation stands.',
  'randomisation-closed': 'Randomisation is not open in this study: {what}',
  'list-exhausted':
    'The allocation list of this stratum has no free row. Randomisation is stopped; the allocation statistician must be told.',
  'not-randomised': 'This subject is not randomised, so there is no arm yet.',
  'nothing-concealed': 'Arms are not concealed from you here; there is nothing to unblind.',
  'already-unblinded': 'This was unblinded before. It cannot be done twice, nor undone.',
  'item-concealed': '{label} is concealed from you, so you cannot enter it.',
  'list-frozen': 'The allocation list is frozen and cannot be changed.',
  'blinded-role-conflict':
    'Who handles allocation lists may not hold a blinded role in the same study, and the reverse.',
  'report-invalid': 'The report has errors and was not saved. The first of {count}: {first}',
  'report-changed-meanwhile':
    'The report {report} was changed meanwhile by {who}. Load it again to see the new text.',
  'no-such-population': 'This study has no population {name}.',
  'no-such-subgroup': 'This study has no subgroup {name}.',
  'not-a-choice': '{name} is not a parameter that can be set for a report.',
  'no-such-choice': '{name} cannot be set to {value}; possible are {allowed}.',
  'query-not-open': 'The query is {state}; this step is not possible.',
  duplicate: '{what} exists already.',
  'definition-changed-meanwhile':
    'The study came to a newer version than {version} while this was computed. Load it again.',
  'study-not-open': 'The study is {state}; nothing can be entered.',
  'definition-invalid': 'The study definition has {count} findings; nothing was published.',
  'migration-over': 'This migration is {state}; this step is not possible.',
  'migration-running': 'Another migration of this study is not finished: {what}',
  'nothing-to-migrate': 'No subject can be taken to this version now: {what}',
  'cut-needs-all-sites':
    'A data cut is over all sites, and your role here reaches only some of them. A person whose role covers every site can help.',
  'cut-in-future': 'A data cut cannot be of a moment that lies ahead: {asOf}.',
  'cut-without-subjects':
    'No subject was in the study at {asOf}; there is nothing to take a cut of.',
  'cut-unpublished':
    'The study has no published version, so it has no reports and no cut can be taken.',
  'too-large': 'That is larger than the {limit} that can be taken.',
  'file-type': 'Files of this kind are not taken here: {what}',
  'demo-disabled': 'Demo accounts are closed on this installation.',
  'setup-link-used': 'This link was used or has expired. Start Casebook again to get a new one.',
  'weak-password': 'The password is too short or too common; use at least 12 characters.',
  'too-many-tries': 'Too many tries. Wait {minutes} minutes and try again.',
  'database-busy': 'The database is busy. Nothing was saved; try again.',
  unexpected: 'Unexpected error. Nothing was saved. Tell support this number: {id}.',
} as const

export type ProblemCode = keyof typeof problemTexts
export type ProblemDetails = Readonly<Record<string, string | number>>

/** A refusal a person can act on. `place` is the item path, column or input key it is about. */
export class Problem extends Error {
  override readonly name = 'Problem'
  readonly code: ProblemCode
  readonly details: ProblemDetails
  readonly place: string | undefined

  constructor(code: ProblemCode, details: ProblemDetails = {}, place?: string) {
    super(fillMarks(problemTexts[code], details))
    this.code = code
    this.details = details
    this.place = place
  }
}

/** Replaces `{name}` marks by their details; a mark without a detail becomes a dash. */
export function fillMarks(text: string, details: ProblemDetails): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => String(details[name] ?? '–'))
}

/** The wire form of a problem: what a browser or the command line receives. */
export type ProblemMessage = {
  code: ProblemCode
  message: string
  details: ProblemDetails
  place?: string
}

export function problemMessage(problem: Problem): ProblemMessage {
  return {
    code: problem.code,
    message: problem.message,
    details: problem.details,
    ...(problem.place === undefined ? {} : { place: problem.place }),
  }
}
