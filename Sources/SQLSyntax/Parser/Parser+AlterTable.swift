import SQLTypes

/// ALTER TABLE.
extension Parser {
    mutating func alterStatement() throws(SQLError) -> Statement {
        let start = position
        advance()
        if at(.user) || at(.group) || at(.role) { return .principal(try alterPrincipal()) }
        if atPolicy { return .policy(try alterPolicy()) }
        if at(.default) { return .alterDefaultPrivileges(try alterDefaultPrivileges()) }
        if at(.schema) { return .alterSchema(try alterSchema()) }
        if at(.database) { return .alterDatabase(try alterDatabase(at: start)) }
        guard at(.table) else { throw unsupportedObject("ALTER", at: start) }
        advance()
        let name = try qualifiedName()
        var actions = [try alterAction()]
        while at(.comma) {
            advance()
            guard at(.alter) else { throw syntaxError() }
            actions.append(try alterAction())
        }
        return .alterTable(AlterTableStatement(name, actions))
    }

    private mutating func alterAction() throws(SQLError) -> AlterTableStatement.Action {
        let start = position
        let kind: AlterTableStatement.Kind
        switch current.keyword {
        case .add:
            advance()
            if let constraint = try tableConstraint() {
                kind = .addConstraint(constraint)
            } else {
                _ = take(.column)
                kind = .addColumn(try columnDefinition())
            }
        case .drop:
            advance()
            kind = try dropAction()
        case .alter:
            advance()
            kind = try alterPart()
        case .append:
            advance()
            try expect(.from)
            kind = .appendFrom(try qualifiedName(), takeAppendMode())
        default: kind = try renameOrSecurity()
        }
        return AlterTableStatement.Action(kind, at: start)
    }

    private mutating func renameOrSecurity() throws(SQLError) -> AlterTableStatement.Kind {
        switch current.keyword {
        case .owner:
            advance()
            try expect(.to)
            return .ownerTo(try identifier())
        case .rename:
            advance()
            if take(.to) { return .renameTo(try identifier()) }
            _ = take(.column)
            let column = try identifier()
            try expect(.to)
            return .renameColumn(column, to: try identifier())
        case .row:
            guard at(.row, .level), token(2).keyword == .security else { throw syntaxError(at: token(1)) }
            advance(3)
            return try rowLevelSecurity()
        default: throw syntaxError()
        }
    }

    /// `{ON | OFF} [CONJUNCTION TYPE {AND | OR}] [FOR DATASHARES]`.
    private mutating func rowLevelSecurity() throws(SQLError) -> AlterTableStatement.Kind {
        let isOn = at(.on)
        guard take(.on) || take(.off) else { throw syntaxError() }
        var needsAll = true
        if isOn, takeWord("conjunction") {
            try expect(.type)
            needsAll = at(.and)
            guard take(.and) || take(.or) else { throw syntaxError() }
        }
        let forDatashares = take(.for)
        if forDatashares { try expectWord("datashares") }
        return .rowLevelSecurity(isOn: isOn, needsAll: needsAll, forDatashares: forDatashares)
    }

    private mutating func dropAction() throws(SQLError) -> AlterTableStatement.Kind {
        if take(.constraint) {
            let name = try identifier()
            return .dropConstraint(name, isCascade: takeCascade())
        }
        _ = take(.column)
        let name = try identifier()
        return .dropColumn(name, isCascade: takeCascade())
    }

    private mutating func alterPart() throws(SQLError) -> AlterTableStatement.Kind {
        switch current.keyword {
        case .distkey:
            advance()
            return .alterDistributionKey(try identifier())
        case .diststyle:
            advance()
            let style = try distributionStyle()
            guard style == .key else { return .alterDistributionStyle(style, key: nil) }
            try expect(.distkey)
            return .alterDistributionStyle(style, key: try identifier())
        case .sortkey where token(1).keyword == .none:
            advance(2)
            return .alterSortKey(.none)
        case .compound, .sortkey: return .alterSortKey(try sortKey())
        case .encode:
            advance()
            try expect(.auto)
            return .alterEncodeAuto
        default: return try alterColumn()
        }
    }

    private mutating func alterColumn() throws(SQLError) -> AlterTableStatement.Kind {
        _ = take(.column)
        let column = try identifier()
        if take(.encode) { return .alterColumnEncoding(column, encoding: try anyIdentifier()) }
        if at(.set) || at(.drop) { throw unsupported("ALTER COLUMN \(text(of: current).uppercased())") }
        try expect(.type)
        return .alterColumnType(column, try typeName())
    }

    private mutating func takeAppendMode() -> AlterTableStatement.AppendMode? {
        if take(.ignoreextra) { return .ignoreExtra }
        return take(.filltarget) ? .fillTarget : nil
    }
}
