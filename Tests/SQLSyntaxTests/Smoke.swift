// Tests of SQLSyntax.
