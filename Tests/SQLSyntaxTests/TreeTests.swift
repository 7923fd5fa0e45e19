import SQLSyntax
import SQLTypes
import Testing

/// What a text means, where printing alone would not show it.
@Suite struct TreeTests {
    private func column(_ name: String) -> Expression { Expression(.column(ColumnReference(Identifier(name)))) }
    private func integer(_ value: Int64) -> Expression { Expression(.literal(.integer(value))) }

    @Test func chainsAreFlat() throws {
        let sum = try parseExpression("a + 1 - b")
        #expect(
            sum.kind
                == .operation(
                    column("a"),
                    [
                        Expression.OperationTerm(.add, integer(1)), Expression.OperationTerm(.subtract, column("b")),
                    ]))
        let condition = try parseExpression("a and b and c or d")
        #expect(
            condition.kind
                == .or([
                    Expression(.and([column("a"), column("b"), column("c")])), column("d"),
                ]))
    }

    @Test func unionsAreFlatAndIntersectBindsTighter() throws {
        let text = "select 1 union select 2 intersect select 3 except select 4"
        guard case .query(let query) = try parseStatement(text).statement, case .setOperation(_, let terms) = query.body
        else { throw SQLError.internalError("no set operation") }
        #expect(terms.map(\.kind) == [.union, .except])
        guard case .setOperation(_, let inner) = terms[0].body else { throw SQLError.internalError("no intersection") }
        #expect(inner.map(\.kind) == [.intersect])
    }

    @Test(arguments: [
        ("1", SQLType.integer), ("2147483647", .integer), ("2147483648", .bigint), ("-2147483648", .integer),
        ("9223372036854775807", .bigint), ("-9223372036854775808", .bigint),
        ("9223372036854775808", .decimal(precision: 19, scale: 0)), ("1.50", .decimal(precision: 3, scale: 2)),
        ("0.05", .decimal(precision: 2, scale: 2)), ("1e2", .double), ("'x'", .unknown), ("null", .unknown),
        ("true", .boolean),
    ])
    func literalTypes(text: String, type: SQLType) throws {
        guard case .literal(let literal) = try parseExpression(text).kind else {
            throw SQLError.internalError("no literal")
        }
        #expect(literal.type == type)
    }

    @Test func decimalKeepsItsScale() throws {
        #expect(try parseExpression("0.0001000000").kind == .literal(.decimal(Decimal(unscaled: 1_000_000, scale: 10))))
    }

    @Test func typeDefaults() throws {
        let pairs: [(String, SQLType)] = [
            ("varchar", .varchar(length: 256)), ("char", .char(length: 1)),
            ("decimal", .decimal(precision: 18, scale: 0)),
            ("text", .varchar(length: 256)), ("bpchar", .char(length: 256)), ("varchar(max)", .varchar(length: 65_535)),
            ("char(max)", .char(length: 4_096)), ("numeric(5)", .decimal(precision: 5, scale: 0)), ("float", .double),
            ("float(24)", .real), ("datetime", .timestamp),
        ]
        for (text, type) in pairs {
            #expect(try parseExpression("a::\(text)").kind == .cast(column("a"), TypeName(type), isTry: false))
        }
    }

    @Test func namesFoldAndAreCut() throws {
        let name = String(repeating: "Ä", count: 70)
        guard case .column(let reference) = try parseExpression("\"A\(name)\"").kind else {
            throw SQLError.internalError("no column")
        }
        // 1 + 63 × 2 bytes = 127.
        #expect(reference.column.name == "a" + String(repeating: "Ä", count: 63))
    }

    @Test func temporaryNames() throws {
        guard case .createTable(let create) = try parseStatement("create table #T (a int)").statement else {
            throw SQLError.internalError("no table")
        }
        #expect(create.name.name.name == "#t")
        #expect(create.isTemporary)
    }

    @Test func positionsCountScalars() throws {
        let statements = try parseStatements("select 'äö', b;\n ; select c")
        #expect(statements.count == 2)
        #expect(statements.map(\.position.character) == [1, 20])
        #expect(statements[0].range == 0..<16)
        guard case .query(let query) = statements[0].statement, case .select(let select) = query.body,
            case .expression(let value, _) = select.items[1]
        else { throw SQLError.internalError("no select") }
        #expect(value.position.character == 14)
    }

    @Test func positionsTakeNoPartInEquality() throws {
        let plain = try parseStatement("select a from t").statement
        let spread = try parseStatement("  select\n  a   from t ;").statement
        #expect(plain == spread)
        #expect(plain.hashValue == spread.hashValue)
    }

    @Test func parametersAreCounted() throws {
        #expect(try parseStatement("select $2 from t where a = $7").parameterCount == 7)
        #expect(try parseStatement("select 1").parameterCount == 0)
    }

    @Test func copyOfTheBrief() throws {
        let text = """
            COPY sales FROM 's3://b/part' CREDENTIALS 'aws_iam_role=arn:aws:iam::1:role/x' gzip DELIMITER ';' \
            REGION 'us-west-2'
            """
        guard case .copy(let copy) = try parseStatement(text).statement else { throw SQLError.internalError("no copy") }
        #expect(copy.table == QualifiedName("sales"))
        #expect(copy.source == "s3://b/part")
        #expect(
            copy.options.map(\.kind) == [
                .access(.credentials("aws_iam_role=arn:aws:iam::1:role/x")), .compression(.gzip), .delimiter(";"),
                .region("us-west-2"),
            ])
        #expect(copy.options[1].position.character == 80)
        #expect(Array(text.utf8)[79...].starts(with: "gzip".utf8))
    }

    @Test(arguments: [
        ("select 1;", true), ("select 1", false), ("", false), ("-- c\n", false), ("select ';", false),
        ("select '';", true),
        ("select (1;", false), ("select \"a;", false), ("select /* ; ", false), ("select $$;", false),
        ("select $$a$$;", true),
        ("select 1; -- done", true), ("select 1; select 2", false), ("select 1; /* x */ ", true), (";", true),
        ("select 1);", true),
    ])
    func completeInput(text: String, isComplete: Bool) {
        #expect(isCompleteInput(text) == isComplete)
    }
}
