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
    """#)
