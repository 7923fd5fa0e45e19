import SQLTypes

/// Columns, constraints and attributes of CREATE TABLE, which ALTER TABLE shares.
extension Parser {
    mutating func tableElement() throws(SQLError) -> CreateTableStatement.Element {
        if take(.like) {
            let parent = try qualifiedName()
            var includesDefaults = false
            if at(.including) || at(.excluding) {
                includesDefaults = at(.including)
                advance()
                try expect(.defaults)
            }
            return .like(parent, includingDefaults: includesDefaults)
        }
        if let constraint = try tableConstraint() { return .constraint(constraint) }
        return .column(try columnDefinition())
    }

    /// nil where none begins.
    mutating func tableConstraint() throws(SQLError) -> TableConstraint? {
        let start = position
        let name = take(.constraint) ? try identifier() : nil
        if take(.unique) { return TableConstraint(name: name, .unique(try identifierList()), at: start) }
        if take(.primary, .key) { return TableConstraint(name: name, .primaryKey(try identifierList()), at: start) }
        if take(.foreign, .key) {
            let columns = try identifierList()
            try expect(.references)
            return TableConstraint(name: name, .foreignKey(columns, try foreignKeyTarget()), at: start)
        }
        if at(.check) { throw unsupported("CHECK constraint") }
        if name != nil { throw syntaxError() }
        return nil
    }

    private mutating func foreignKeyTarget() throws(SQLError) -> ForeignKeyTarget {
        let table = try qualifiedName()
        return ForeignKeyTarget(table, columns: at(.leftParenthesis) ? try identifierList() : [])
    }

    mutating func columnDefinition() throws(SQLError) -> ColumnDefinition {
        var column = ColumnDefinition(try identifier(), try typeName())
        while try columnAttribute(&column) {}
        return column
    }

    /// False where no attribute begins.
    private mutating func columnAttribute(_ column: inout ColumnDefinition) throws(SQLError) -> Bool {
        let start = current
        switch start.keyword {
        case .default:
            try checkOnce(column.default == nil, start)
            advance()
            column.default = try expression()
        case .identity:
            try checkOnce(column.identity == nil, start)
            column.identity = try identity(isByDefault: false)
        case .generated:
            try checkOnce(column.identity == nil, start)
            guard take(.generated, .by, .default) else { throw syntaxError(at: token(1)) }
            try expect(.as)
            column.identity = try identity(isByDefault: true)
        case .encode:
            try checkOnce(column.encoding == nil, start)
            advance()
            column.encoding = try anyIdentifier()
        case .distkey:
            try checkOnce(!column.isDistributionKey, start)
            advance()
            column.isDistributionKey = true
        case .sortkey:
            try checkOnce(!column.isSortKey, start)
            advance()
            column.isSortKey = true
        case .collate: try collation(&column)
        default: return try columnConstraint(&column)
        }
        return true
    }

    private func checkOnce(_ isFirst: Bool, _ token: Token) throws(SQLError) {
        if isFirst { return }
        throw SQLError(
            .syntaxError, "conflicting or redundant options: \(text(of: token).uppercased())",
            position: Int(token.position))
    }

    private mutating func collation(_ column: inout ColumnDefinition) throws(SQLError) {
        try checkOnce(column.isCaseInsensitive == nil, current)
        advance()
        switch current.keyword {
        case .caseInsensitive, .ci: column.isCaseInsensitive = true
        case .caseSensitive, .cs: column.isCaseInsensitive = false
        default: throw syntaxError()
        }
        advance()
    }

    private mutating func identity(isByDefault: Bool) throws(SQLError) -> ColumnDefinition.Identity {
        let start = position
        try expect(.identity)
        try expect(.leftParenthesis)
        let seed = try integer()
        try expect(.comma)
        let step = try integer()
        try expect(.rightParenthesis)
        return ColumnDefinition.Identity(seed: seed, step: step, isByDefault: isByDefault, at: start)
    }

    private mutating func columnConstraint(_ column: inout ColumnDefinition) throws(SQLError) -> Bool {
        let start = current
        let name = take(.constraint) ? try identifier() : nil
        if at(.null) || at(.not, .null) {
            try checkOnce(column.isNullable == nil, current)
            column.isNullable = at(.null)
            advance(at(.null) ? 1 : 2)
            return true
        }
        let kind: ColumnConstraint.Kind
        if take(.unique) {
            kind = .unique
        } else if take(.primary, .key) {
            kind = .primaryKey
        } else if take(.references) {
            kind = .references(try foreignKeyTarget())
        } else if at(.check) {
            throw unsupported("CHECK constraint")
        } else {
            if name != nil { throw syntaxError() }
            return false
        }
        column.constraints.append(ColumnConstraint(name: name, kind, at: start.source))
        return true
    }

    // MARK: Attributes after the list

    mutating func tableAttributes() throws(SQLError) -> TableAttributes {
        var attributes = TableAttributes()
        while try tableAttribute(&attributes) {}
        return attributes
    }

    private mutating func tableAttribute(_ attributes: inout TableAttributes) throws(SQLError) -> Bool {
        let start = current
        switch start.keyword {
        case .backup:
            try checkOnce(attributes.backup == nil, start)
            advance()
            guard at(.yes) || at(.no) else { throw syntaxError() }
            attributes.backup = at(.yes)
            advance()
        case .diststyle:
            try checkOnce(attributes.distributionStyle == nil, start)
            advance()
            attributes.distributionStyle = try distributionStyle()
            attributes.distributionPosition = start.source
        case .distkey:
            try checkOnce(attributes.distributionKey == nil, start)
            advance()
            try expect(.leftParenthesis)
            attributes.distributionKey = try keyColumn()
            try expect(.rightParenthesis)
            attributes.distributionPosition = start.source
        case .compound, .interleaved, .sortkey:
            try checkOnce(attributes.sortKey == nil, start)
            attributes.sortKey = try sortKey()
            attributes.sortPosition = start.source
        case .encode:
            try checkOnce(!attributes.isEncodeAuto, start)
            advance()
            try expect(.auto)
            attributes.isEncodeAuto = true
        default: return false
        }
        return true
    }

    mutating func distributionStyle() throws(SQLError) -> TableAttributes.DistributionStyle {
        let style: TableAttributes.DistributionStyle
        switch current.keyword {
        case .auto: style = .auto
        case .even: style = .even
        case .key: style = .key
        case .all: style = .all
        default: throw syntaxError()
        }
        advance()
        return style
    }

    mutating func sortKey() throws(SQLError) -> TableAttributes.SortKey {
        let isInterleaved = take(.interleaved)
        let isCompound = !isInterleaved && take(.compound)
        try expect(.sortkey)
        if !isInterleaved, !isCompound, take(.auto) { return .auto }
        try expect(.leftParenthesis)
        var columns = [try keyColumn()]
        while take(.comma) { columns.append(try keyColumn()) }
        try expect(.rightParenthesis)
        return isInterleaved ? .interleaved(columns) : .compound(columns)
    }

    private mutating func keyColumn() throws(SQLError) -> KeyColumn {
        let start = position
        guard at(.integerLiteral) else { return .name(try identifier()) }
        let ordinal = try integer()
        guard ordinal > 0, ordinal <= Int64(Int32.max) else {
            throw SQLError(
                .invalidColumnReference, "position \(ordinal) is not in the select list", position: start.character)
        }
        return .ordinal(Int(ordinal), at: start)
    }
}
