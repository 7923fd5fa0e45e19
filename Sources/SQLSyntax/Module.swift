// SQLSyntax.
