-- Approvals are read wherever their site is: also in a part of an answer that is cut to fewer sites, where the version in force
-- would otherwise come out older than it is.
alter policy reading on casebook.site_approval using (
  (study_id = (select casebook.current_study()) and ((select casebook.all_sites())
    or site_id = any ((select casebook.current_sites())::uuid[])))
  or site_id = any ((select casebook.own_sites())::uuid[]));
