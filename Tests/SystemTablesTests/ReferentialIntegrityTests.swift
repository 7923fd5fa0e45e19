import Catalog
import SQLTypes
import SystemTables
import Testing

/// What one view of the catalog refers to, another one lists.
@Suite struct ReferentialIntegrityTests {
    /// A column that holds numbers of rows of another table; 0 is none.
    struct Reference: CustomTestStringConvertible, Sendable {
        var from: String
        var column: String
        var to: String
        var isList = false
        /// Numbers are in this column; all other tables have an `oid`.
        var key = "oid"

        init(_ from: String, _ column: String, _ to: String, isList: Bool = false, key: String = "oid") {
            self.from = from
            self.column = column
            self.to = to
            self.isList = isList
            self.key = key
        }
        var testDescription: String { "\(from).\(column) → \(to)" }
    }

    static let references: [Reference] = [
        .init("pg_class", "relnamespace", "pg_namespace"), .init("pg_class", "reltype", "pg_type"),
        .init("pg_class", "relam", "pg_am"), .init("pg_class", "reltablespace", "pg_tablespace"),
        .init("pg_class_info", "reloid", "pg_class"), .init("pg_class_info", "relnamespace", "pg_namespace"),
        .init("pg_attribute", "attrelid", "pg_class"), .init("pg_attribute", "atttypid", "pg_type"),
        .init("pg_attribute_info", "attrelid", "pg_class"),
        .init("pg_attrdef", "adrelid", "pg_class"), .init("pg_type", "typnamespace", "pg_namespace"),
        .init("pg_type", "typelem", "pg_type"), .init("pg_type", "typarray", "pg_type"),
        .init("pg_type", "typrelid", "pg_class"), .init("pg_type", "typinput", "pg_proc"),
        .init("pg_type", "typoutput", "pg_proc"), .init("pg_type", "typreceive", "pg_proc"),
        .init("pg_type", "typsend", "pg_proc"), .init("pg_constraint", "connamespace", "pg_namespace"),
        .init("pg_constraint", "conrelid", "pg_class"), .init("pg_constraint", "confrelid", "pg_class"),
        .init("pg_constraint", "conindid", "pg_class"), .init("pg_index", "indexrelid", "pg_class"),
        .init("pg_index", "indrelid", "pg_class"), .init("pg_description", "classoid", "pg_class"),
        .init("pg_depend", "classid", "pg_class"), .init("pg_depend", "refclassid", "pg_class"),
        .init("pg_rewrite", "ev_class", "pg_class"), .init("pg_proc", "pronamespace", "pg_namespace"),
        .init("pg_proc", "prolang", "pg_language"), .init("pg_proc", "prorettype", "pg_type"),
        .init("pg_proc", "proargtypes", "pg_type", isList: true), .init("pg_proc_info", "prooid", "pg_proc"),
        .init("pg_aggregate", "aggfnoid", "pg_proc"), .init("pg_aggregate", "aggtranstype", "pg_type"),
        .init("pg_cast", "castsource", "pg_type"), .init("pg_cast", "casttarget", "pg_type"),
        .init("pg_cast", "castfunc", "pg_proc"), .init("pg_operator", "oprnamespace", "pg_namespace"),
        .init("pg_operator", "oprleft", "pg_type"), .init("pg_operator", "oprright", "pg_type"),
        .init("pg_operator", "oprresult", "pg_type"), .init("pg_operator", "oprcom", "pg_operator"),
        .init("pg_operator", "oprnegate", "pg_operator"), .init("pg_operator", "oprltcmpop", "pg_operator"),
        .init("pg_operator", "oprgtcmpop", "pg_operator"), .init("pg_operator", "oprcode", "pg_proc"),
        .init("pg_database", "dattablespace", "pg_tablespace"),
        .init("pg_statistic_indicator", "stairelid", "pg_class"),
        .init("pg_class", "tableoid", "pg_class"), .init("pg_attribute", "tableoid", "pg_class"),
        .init("pg_database_info", "datid", "pg_database"),
    ]

    @Test(arguments: UInt64(0)..<24)
    func everyNumberNamesARow(seed: UInt64) throws {
        let tables = CatalogTables(RandomCatalog.state(seed: seed))
        for reference in Self.references {
            let known = Set(try tables.values(reference.to, reference.key))
            for value in try tables.values(reference.from, reference.column) {
                for number in reference.isList ? tables.list(value) : [value] {
                    #expect(
                        number == .integer(0) || known.contains(number),
                        "seed \(seed): \(reference.testDescription): \(number)")
                }
            }
        }
    }

    /// What pg_depend and pg_description name, each in the table that they say.
    @Test(arguments: UInt64(0)..<24)
    func everyAddressNamesARow(seed: UInt64) throws {
        let tables = CatalogTables(RandomCatalog.state(seed: seed))
        let names = Dictionary(
            uniqueKeysWithValues: zip(try tables.values("pg_class", "oid"), try tables.values("pg_class", "relname")))
        for (table, catalog, object) in [
            ("pg_depend", "classid", "objid"), ("pg_depend", "refclassid", "refobjid"),
            ("pg_description", "classoid", "objoid"),
        ] {
            let rows = zip(try tables.values(table, catalog), try tables.values(table, object))
            for (catalog, object) in rows {
                guard case .string(let name)? = names[catalog] else {
                    Issue.record("seed \(seed): \(table) names a table \(catalog)")
                    continue
                }
                let known = Set(try tables.values(String(decoding: name, as: UTF8.self), "oid"))
                #expect(
                    known.contains(object),
                    "seed \(seed): \(table) \(object) of \(String(decoding: name, as: UTF8.self))")
            }
        }
    }

    @Test(arguments: UInt64(0)..<24)
    func numbersAreOfOneRowEach(seed: UInt64) throws {
        let tables = CatalogTables(RandomCatalog.state(seed: seed))
        for view in SystemViews.all where view.definition.columns.contains(where: { $0.name == "oid" }) {
            let numbers = try tables.values(view.definition.name.name, "oid")
            #expect(Set(numbers).count == numbers.count, "seed \(seed): \(view.definition.name)")
            #expect(!numbers.contains(.integer(0)), "seed \(seed): \(view.definition.name)")
        }
        for view in SystemViews.all {
            #expect((1..<100_000).contains(view.oid), "\(view.definition.name)")
        }
    }

    /// That the tests above have something to look at.
    @Test func randomCatalogsHaveObjects() throws {
        var count: [String: Int] = [:]
        for seed in UInt64(0)..<24 {
            let tables = CatalogTables(RandomCatalog.state(seed: seed))
            for (table, column) in [
                ("pg_depend", "objid"), ("pg_description", "objoid"), ("pg_rewrite", "oid"), ("pg_constraint", "oid"),
                ("pg_index", "indexrelid"), ("pg_attrdef", "oid"),
            ] {
                count[table, default: 0] += try tables.values(table, column).count
            }
        }
        for (table, rows) in count { #expect(rows > 20, "\(table)") }
    }

    /// Columns that a row of pg_attribute counts are there, and no others.
    @Test(arguments: UInt64(0)..<24)
    func columnsAreNumberedFromOne(seed: UInt64) throws {
        let tables = CatalogTables(RandomCatalog.state(seed: seed))
        var columns: [SQLValue: [SQLValue]] = [:]
        for (relation, number) in zip(
            try tables.values("pg_attribute", "attrelid"), try tables.values("pg_attribute", "attnum"))
        {
            columns[relation, default: []].append(number)
        }
        for (relation, count) in zip(try tables.values("pg_class", "oid"), try tables.values("pg_class", "relnatts")) {
            guard case .integer(let count) = count else {
                Issue.record("relnatts \(count)")
                continue
            }
            #expect((columns[relation] ?? []) == (0..<count).map { .integer($0 + 1) }, "seed \(seed): \(relation)")
        }
    }

    /// Numbers do not depend on what else there is.
    @Test func numbersStay() throws {
        var state = RandomCatalog.state(seed: 3)
        let before = CatalogTables(state)
        let view = ViewDefinition(
            name: TableName(schema: "public", name: "one_more"), columns: [.init("a", .integer)], columnNames: [],
            text: "SELECT 1 AS a", searchPath: ["public"], tables: [], views: [])
        state.catalog.put(view)
        state.catalog.schemas.insert("one_more")
        let after = CatalogTables(state)
        for table in ["pg_class", "pg_namespace", "pg_constraint", "pg_attrdef", "pg_rewrite"] {
            let old = Set(try before.values(table, "oid"))
            #expect(old.isSubset(of: try after.values(table, "oid")), "\(table)")
        }
    }
}

/// The rows of views, looked up by names.
struct CatalogTables {
    private let state: SystemState

    init(_ state: SystemState) { self.state = state }

    func values(_ table: String, _ column: String) throws -> [SQLValue] {
        let view = try #require(SystemViews.view(named: table), "no table \(table)")
        let place = try #require(
            view.definition.columns.firstIndex { $0.name == column }, "no column \(column) of \(table)")
        return view.rows(state, columns: [place]).map { $0[0] }
    }

    /// The numbers of an OIDVECTOR.
    func list(_ value: SQLValue) -> [SQLValue] {
        guard case .string(let text) = value else { return [] }
        return text.split(separator: UInt8(ascii: " ")).compactMap { Int64(String(decoding: $0, as: UTF8.self)) }
            .map { .integer($0) }
    }
}
