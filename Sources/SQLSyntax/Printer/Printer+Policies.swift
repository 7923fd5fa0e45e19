extension Printer {
    mutating func policy(_ statement: PolicyStatement) {
        switch statement {
        case .createRowPolicy(let name, let columns, let alias, let predicate):
            write("CREATE RLS POLICY ")
            identifier(name)
            policyColumns(columns)
            if let alias {
                write(" AS ")
                identifier(alias)
            }
            write(" USING ")
            group { $0.expression(predicate) }
        case .dropRowPolicy(let name, let ifExists, let isCascade):
            dropPolicy("RLS", name, ifExists, isCascade)
        case .attachRowPolicy(let name, let tables, let grantees):
            rowAttachment("ATTACH", name, tables, " TO ", grantees)
        case .detachRowPolicy(let name, let tables, let grantees):
            rowAttachment("DETACH", name, tables, " FROM ", grantees)
        case .createMaskingPolicy(let name, let ifNotExists, let inputs, let expressions):
            write(ifNotExists ? "CREATE MASKING POLICY IF NOT EXISTS " : "CREATE MASKING POLICY ")
            identifier(name)
            policyColumns(inputs)
            write(" USING ")
            group { $0.list(expressions) { $0.expression($1) } }
        case .alterMaskingPolicy(let name, let expressions):
            write("ALTER MASKING POLICY ")
            identifier(name)
            write(" USING ")
            group { $0.list(expressions) { $0.expression($1) } }
        case .dropMaskingPolicy(let name, let ifExists, let isCascade):
            dropPolicy("MASKING", name, ifExists, isCascade)
        case .attachMaskingPolicy(let name, let table, let outputs, let inputs, let to, let priority):
            write("ATTACH MASKING POLICY ")
            identifier(name)
            write(" ON ")
            qualified(table)
            optionalNames(outputs)
            if !inputs.isEmpty {
                write(" USING")
                optionalNames(inputs)
            }
            write(" TO ")
            grantee(to)
            write(" PRIORITY \(priority)")
        case .detachMaskingPolicy(let name, let table, let outputs, let from):
            write("DETACH MASKING POLICY ")
            identifier(name)
            write(" ON ")
            qualified(table)
            optionalNames(outputs)
            write(" FROM ")
            grantee(from)
        }
    }

    private mutating func policyColumns(_ columns: [PolicyStatement.Column]) {
        guard !columns.isEmpty else { return }
        write(" WITH ")
        group { printer in
            printer.list(columns) { printer, column in
                printer.identifier(column.name)
                printer.write(" ")
                printer.type(column.type)
            }
        }
    }

    private mutating func dropPolicy(_ kind: String, _ name: Identifier, _ ifExists: Bool, _ isCascade: Bool) {
        write("DROP \(kind) POLICY \(ifExists ? "IF EXISTS " : "")")
        identifier(name)
        if isCascade { write(" CASCADE") }
    }

    private mutating func rowAttachment(
        _ verb: String, _ name: Identifier, _ tables: [QualifiedName], _ preposition: String,
        _ grantees: [GranteeName]
    ) {
        write("\(verb) RLS POLICY ")
        identifier(name)
        write(" ON ")
        list(tables) { $0.qualified($1) }
        write(preposition)
        list(grantees) { $0.grantee($1) }
    }
}
