/// Statements about who may do what.
let accessCorpus = lines(
    #"""
    create user mary password 'Secret12'
    create user mary with password disable createdb nocreateuser syslog access unrestricted in group a, "b c"
    create user mary password 'md5153c434b4b77c89e6b94f12c5393af5b' valid until '2030-01-01' connection limit 30
    create user mary password 'sha256|Secret12' createuser nocreatedb connection limit unlimited session timeout 120
    create user mary externalid "ABC123" password disable
    alter user mary password 'Secret12' valid until 'infinity'
    alter user mary nocreatedb, syslog access restricted, session timeout 60
    alter user mary with reset session timeout
    alter user mary rename to "Mary Ann"
    alter user mary set search_path to a, b
    alter user mary set timezone = 'Europe/Berlin'
    alter user mary reset search_path
    drop user mary
    drop user if exists mary, john
    create group g
    create group g with user mary, john
    create group g user mary
    alter group g add user mary, john
    alter group g drop user mary
    alter group g rename to h
    drop group g
    create role r
    create role r externalid "ABC123"
    create role "a b"
    alter role r with rename to s
    alter role r owner to mary
    alter role r rename to s, owner to mary externalid to "x"
    drop role r
    drop role r force
    drop role r restrict
    grant role r to mary
    grant role r, role sys:monitor to mary with admin option, role s, john
    revoke role r from mary
    revoke admin option for role r from mary, role s
    grant select on t to mary
    grant select, insert on table s.t, u to mary with grant option, group g, role r, public
    grant all on t to mary
    grant all privileges on all tables in schema s, public to group g
    grant select (a, b), update (c) on t to mary
    grant all (a) on t to mary
    grant create, temp on database dev to mary
    grant usage on schema s to public
    grant execute on function f(int, varchar(10)), s.g() to mary
    grant execute on all functions in schema s to mary
    grant execute on procedure p(a int) to role r
    grant usage on language plpythonu to mary
    grant create user, access system table to role r
    revoke select on t from mary
    revoke grant option for all on t from mary cascade
    revoke select (a) on t from group g restrict
    revoke create user from role r
    alter default privileges grant select on tables to public
    alter default privileges for user mary, john in schema s grant all on tables to mary with grant option
    alter default privileges in schema s revoke execute on functions from role r
    alter default privileges grant execute on procedures to group g
    set session authorization mary
    set local session authorization 'mary'
    set session authorization default
    reset session authorization
    create rls policy p using (current_user = 'x')
    create rls policy p with (a int, b varchar(10)) as t using (t.a > 1 and b in (select x from u))
    create rls policy p with (a int) t using (t.a is not null)
    drop rls policy if exists p cascade
    attach rls policy p on table s.t, u to mary, role r, public
    detach rls policy p on t from role r
    alter table t row level security on conjunction type or for datashares
    alter table t row level security on conjunction type and
    create masking policy if not exists p with (a int, b text) using (case when a > 1 then b end, 'x')
    alter masking policy p using ('y')
    drop masking policy p
    attach masking policy p on t (a, b) using (c, d) to role r priority 10
    attach masking policy p on s.t (a) to public
    detach masking policy p on t (a) from mary
    """#)
