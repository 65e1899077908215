-- Who is asking, with all grants: the first thing of every request, as a function for the reason that 0006 tells. It names the
-- person as the actor of the transaction, which is what lets the grants be seen.
create function casebook.person_of_session(session text, idle interval)
  returns table ("userId" uuid, "userName" text, "displayName" text, language text, "isSystemAdministrator" boolean,
    "isDemo" boolean, "mustChangePassword" boolean, quiet double precision, grants jsonb)
  volatile rows 1 language plpgsql as $$
declare
  person uuid;
begin
  select s.user_id into person from casebook.session s
    where s.session_id = session and s.revoked_at is null and s.expires_at > now() and s.last_seen_at > now() - idle;
  perform set_config('app.actor', coalesce(person::text, 'anonymous'), true);
  return query
    select u.user_id, u.user_name, u.display_name, u.language, u.is_system_administrator, u.is_demo, u.must_change_password,
      extract(epoch from now() - s.last_seen_at)::double precision,
      (select coalesce(jsonb_agg(jsonb_build_object('studyId', g.study_id, 'role', g.role, 'siteIds', g.sites)), '[]')
       from (
         select r.study_id, r.role,
           case when not bool_or(r.site_id is null) then array_agg(r.site_id order by r.site_id::text) end as sites
         from casebook.role_grant r where r.user_id = person and r.revoked_at is null group by r.study_id, r.role) g)
    from casebook.session s join casebook.app_user u on u.user_id = s.user_id
    where s.session_id = session and u.user_id = person and u.disabled_at is null;
end $$;

grant execute on function casebook.person_of_session(text, interval) to casebook_app;
