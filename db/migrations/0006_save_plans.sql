-- The reads of a save as functions, because a function's plans are kept by the connection. Planned anew for every save (no statement
-- is named, so that any pooler fits) they cost the database three times what running them does, most of it for the
-- conditions of row security. They run with the rights and under the row security of whoever calls, like the statements they
-- are. Names are qualified instead of a search path being set, which would cost again with every call.

create function casebook.study_for_act(study uuid, person uuid, receipt uuid)
  returns table ("studyId" uuid, oid text, state text, "isDemo" boolean, earlier jsonb, "latestVersion" int)
  stable rows 1 language plpgsql as $$
begin
  return query
    select s.study_id, s.oid, s.state, s.is_demo, r.result,
      coalesce((select max(v.number) from casebook.study_version v where v.study_id = s.study_id), 0)
    from casebook.study s
    left join casebook.save_receipt r on r.study_id = s.study_id and r.user_id = person and r.key = receipt
    where s.study_id = study;
end $$;

-- Volatile and locking: each statement after it in the message sees what the save before it has committed.
create function casebook.subject_for_save(study uuid, subject uuid)
  returns table ("subjectId" uuid, "subjectKey" text, "siteId" uuid, "siteCode" text, "siteName" text, "siteOpen" boolean,
    state text, anchor date, columns jsonb, visits jsonb, "versionNumber" int)
  volatile rows 1 language plpgsql as $$
begin
  return query
    select b.subject_id, b.subject_key, b.site_id, s.code, s.name, s.open, b.state, b.anchor_date, b.columns, b.visits,
      b.version_number
    from casebook.subject b join casebook.site s on s.study_id = b.study_id and s.site_id = b.site_id
    where b.study_id = study and b.subject_id = subject for update of b;
end $$;

-- `forms` null: of all forms.
create function casebook.records_for_save(study uuid, subject uuid, forms text[])
  returns table ("recordId" uuid, event text, "eventRepeat" int, form text, "formRepeat" int, "versionNumber" int,
    revision int, state text, data text, derived text, "openCount" int)
  stable language plpgsql as $$
begin
  return query
    select r.record_id, r.event_oid, r.event_repeat, r.form_oid, r.form_repeat, r.version_number, r.revision, r.state,
      r.data::text, r.derived::text, r.open_count
    from casebook.form_record r
    where r.study_id = study and r.subject_id = subject and (forms is null or r.form_oid = any (forms));
end $$;

create function casebook.rule_queries(study uuid, subject uuid)
  returns table ("queryId" uuid, "recordId" uuid, path text, "check" text, state text, "text" text, "valueThen" jsonb,
    "updatedBy" uuid)
  stable language plpgsql as $$
begin
  return query
    select q.query_id, q.record_id, q.path, q.check_id, q.state, q.text, q.value_then, q.updated_by
    from casebook.query q
    where q.study_id = study and q.subject_id = subject and q.check_id is not null
    order by q.opened_at, q.query_id;
end $$;

create function casebook.signed_records(study uuid, subject uuid) returns table ("recordId" uuid)
  stable language plpgsql as $$
begin
  return query
    select g.record_id from casebook.signature g
    where g.study_id = study and g.subject_id = subject and g.revoked_at is null;
end $$;

create function casebook.reference_ranges(study uuid)
  returns table ("siteId" uuid, test text, unit text, sex text, "ageFrom" double precision, "ageTo" double precision,
    "validFrom" date, "validTo" date, low double precision, high double precision)
  stable language plpgsql as $$
begin
  return query
    select g.site_id, g.test, g.unit, g.sex, g.age_from, g.age_to, g.valid_from, g.valid_to, g.low, g.high
    from casebook.reference_range g where g.study_id = study;
end $$;

create function casebook.record_queries(study uuid, record uuid)
  returns table ("queryId" uuid, "recordId" uuid, path text, "check" text, state text, "text" text,
    "openedAt" timestamptz, "openedBy" text, answer text)
  stable language plpgsql as $$
begin
  return query
    select q.query_id, q.record_id, q.path, q.check_id, q.state, q.text, q.opened_at::timestamptz,
      coalesce(u.display_name, 'Casebook'),
      (select m.text from casebook.query_message m
       where m.study_id = q.study_id and m.query_id = q.query_id and m.step = 'answered'
       order by m.at desc, m.message_id desc limit 1)
    from casebook.query q left join casebook.app_user u on u.user_id = q.opened_by
    where q.study_id = study and q.record_id = record and q.state <> 'cancelled'
    order by q.opened_at, q.query_id;
end $$;

create function casebook.keep_receipt(study uuid, receipt uuid, of_command text, answer jsonb) returns void
  volatile language plpgsql as $$
begin
  insert into casebook.save_receipt (study_id, key, command, result) values (study, receipt, of_command, answer);
end $$;

grant execute on function casebook.study_for_act(uuid, uuid, uuid), casebook.subject_for_save(uuid, uuid),
  casebook.records_for_save(uuid, uuid, text[]), casebook.rule_queries(uuid, uuid), casebook.signed_records(uuid, uuid),
  casebook.reference_ranges(uuid), casebook.record_queries(uuid, uuid), casebook.keep_receipt(uuid, uuid, text, jsonb)
  to casebook_app;
