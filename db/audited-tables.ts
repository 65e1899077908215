/**
 * Which tables have an audit trail row by row, and how their rows are kept there; the triggers of `0002_audit.sql` and of later
 * files say the same in SQL and a test compares the two. The verifier reads this list and not the triggers, because whoever tampers may
 * have taken a trigger away. `form_record` is audited item by item and stands apart.
 */
export type AuditedTable = {
  table: string
  /** The first of these columns that is not null names the chain; none: the chain of the system. */
  chain: readonly string[]
  /** Columns that make the entity id, joined by `/`. */
  id: readonly string[]
  /** Not kept: copies and bulk whose hash is a column of its own. */
  excluded: readonly string[]
  /** Kept as SHA-256 only: secrets and long content. */
  digested: readonly string[]
}

const audited = (
  table: string,
  chain: string,
  id: string,
  excluded = '',
  digested = '',
): AuditedTable => {
  const list = (text: string) => (text === '' ? [] : text.split(','))
  return {
    table,
    chain: list(chain),
    id: list(id),
    excluded: list(excluded),
    digested: list(digested),
  }
}

export const auditedTables: readonly AuditedTable[] = [
  audited('app_user', 'user_id', 'user_id', '', 'password_hash,totp_secret'),
  audited('session', 'user_id', 'session_id', 'last_seen_at'),
  audited('setup_link', '', 'token_hash'),
  audited('study', 'study_id', 'study_id'),
  audited('study_version', 'study_id', 'number', '', 'definition'),
  audited('site', 'study_id', 'site_id'),
  audited('role_grant', 'study_id', 'grant_id'),
  audited('subject', 'subject_id', 'subject_id', 'columns,visits'),
  audited('stored_file', 'file_id', 'file_id', 'content'),
  audited('reference_range', 'study_id', 'range_id'),
  audited('query', 'record_id', 'query_id'),
  audited('query_message', 'query_id', 'message_id'),
  audited('verification', 'record_id', 'record_id,path'),
  audited('signature', 'record_id', 'signature_id'),
  audited('allocation_issued', 'subject_id', 'subject_id'),
  audited('export_log', 'study_id', 'export_id'),
  audited('notice', 'record_id,subject_id,site_id,study_id', 'notice_id'),
  audited('audit_redaction', 'chain_id', 'redaction_id'),
  audited('site_approval', 'study_id', 'approval_id'),
  audited('amendment_run', 'study_id', 'run_id', 'done,records,failed,last_subject,worked_at'),
  audited('unblinding', 'subject_id,study_id', 'unblinding_id'),
  audited('data_cut', 'study_id', 'cut_id', '', 'mask_seed,open_lines'),
  audited('added_report', 'study_id', 'revision_id', '', 'report'),
]
