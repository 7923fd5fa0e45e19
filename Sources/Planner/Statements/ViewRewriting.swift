import Catalog
import SQLSyntax
import SQLTypes

/// A table or view named in a query's text, as the binder understood it.
struct RelationReference {
    enum Target: Hashable {
        case table(TableID)
        case view(TableName)
    }
    var target: Target
    var name: QualifiedName
    /// Else columns are qualified by the relation's own name.
    var hasAlias: Bool
}

/// Writes views' texts anew when what they read gets another name: a view means tables and columns, not what they were
/// called when it was made.
///
///     t → u          FROM t               FROM s.u AS t
///     column a → b   FROM t               FROM (SELECT b AS a, c FROM s.t) AS t
enum ViewRewriting {
    /// The view's text after a change, `replacement` being what to write for something that is called otherwise then
    /// (nil: as it is).
    /// - Parameter context: before the change.
    static func text(
        of view: ViewDefinition, in context: PlanningContext, _ replacement: (RelationReference) -> String?
    ) throws(SQLError) -> String {
        guard case .query(let query) = try parseStatement(view.text).statement else {
            throw SQLError.internalError("view \(view.name) is no query")
        }
        var inside = context.unrestricted
        inside.searchPath = view.searchPath
        if !view.name.isTemporary { inside.temporarySchema = nil }
        let binder = Binder(inside)
        binder.notesReferences = true
        _ = try binder.bind(query)
        var text = Array(view.text.unicodeScalars)
        // From the end, so that places before stay what they are. A query that is bound twice names its tables twice.
        var done: Set<Int> = []
        for reference in binder.references.sorted(by: { $0.place > $1.place }) {
            guard let new = replacement(reference), done.insert(reference.place).inserted else { continue }
            let start = reference.place - 1
            let end = end(ofNameAt: start, reference.name.parts.count, in: text)
            guard start >= 0, end <= text.count else {
                throw SQLError.internalError("a name outside of the text of view \(view.name)")
            }
            let alias = reference.hasAlias ? "" : " AS \(Printer.print(Identifier(reference.name.name.name)))"
            text.replaceSubrange(start..<end, with: Array((new + alias).unicodeScalars))
        }
        return String(String.UnicodeScalarView(text))
    }

    /// The view must give the same columns after the change. One that its text qualifies by schema and table cannot
    /// follow: then the change is refused.
    static func check(_ view: ViewDefinition, after catalog: CatalogSnapshot, _ context: PlanningContext)
        throws(SQLError)
    {
        var after = context.unrestricted
        after.catalog = catalog
        let binder = Binder(after)
        do throws(SQLError) {
            let bound = try binder.bind(view, at: .unknown)
            let types = bound.output.map { binder.registry.type($0.column) }
            if types == view.columns.map(\.type) { return }
        } catch {
            throw SQLError.unsupported("this change of what view \(view.name) reads")
        }
        throw SQLError(
            .featureNotSupported, "cannot alter type of a column used by a view or rule",
            detail: "view \(view.name) depends on it")
    }

    /// Past the last part of a dotted name, whose parts may be in quotes.
    private static func end(ofNameAt start: Int, _ parts: Int, in text: [Unicode.Scalar]) -> Int {
        var place = start
        for part in 0..<parts {
            if part > 0 { place += 1 }
            if place < text.count, text[place] == "\"" {
                place += 1
                while place < text.count {
                    if text[place] == "\"" {
                        place += 1
                        guard place < text.count, text[place] == "\"" else { break }
                    }
                    place += 1
                }
            } else {
                while place < text.count, isNameScalar(text[place]) { place += 1 }
            }
        }
        return place
    }

    private static func isNameScalar(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "_", "$", "#": true
        default: scalar.value >= 0x80
        }
    }

    // MARK: What is written instead

    static func text(_ name: TableName) -> String {
        "\(Printer.print(Identifier(name.schema))).\(Printer.print(Identifier(name.name)))"
    }

    /// The table under its new columns' names, shown with the old ones.
    static func text(_ table: TableDefinition, showing old: TableDefinition) -> String {
        let columns = zip(table.columns, old.columns).map { new, old in
            let name = Printer.print(Identifier(new.name))
            return new.name == old.name ? name : "\(name) AS \(Printer.print(Identifier(old.name)))"
        }
        return "(SELECT \(columns.joined(separator: ", ")) FROM \(text(table.name)))"
    }
}

extension RelationReference {
    /// Where it stands: characters from 1.
    fileprivate var place: Int { name.position.character ?? 0 }
}

extension Planner {
    /// The views that read the table, for its new definition.
    func viewsFollowing(_ table: TableDefinition, from old: TableDefinition) throws(SQLError) -> [ViewDefinition] {
        let readers = context.catalog.views.values.filter { $0.tables.contains(old.id) }.sorted { $0.name < $1.name }
        guard !readers.isEmpty else { return [] }
        var catalog = context.catalog
        catalog.put(table)
        var result: [ViewDefinition] = []
        // One that another reads comes first, so that the other is checked against its new text.
        let isRenamedOnly = table.columns.map(\.name) == old.columns.map(\.name)
        for var view in Self.innerFirst(readers) {
            let text = try ViewRewriting.text(of: view, in: context) { reference in
                guard reference.target == .table(old.id) else { return nil }
                return isRenamedOnly ? ViewRewriting.text(table.name) : ViewRewriting.text(table, showing: old)
            }
            if text != view.text {
                view.text = text
                catalog.put(view)
                result.append(view)
            }
            try ViewRewriting.check(view, after: catalog, context)
        }
        return result
    }

    /// The views that read the view, for its new name.
    func viewsFollowing(view old: TableName, to new: TableName) throws(SQLError) -> [ViewDefinition] {
        var catalog = context.catalog
        catalog.rename(view: old, to: new)
        var result: [ViewDefinition] = []
        let readers = catalog.views.values.filter { $0.views.contains(new) && !$0.columns.isEmpty }
        for var view in Self.innerFirst(readers.sorted { $0.name < $1.name }) {
            guard let before = context.catalog.views[view.name] else { continue }
            let text = try ViewRewriting.text(of: before, in: context) { reference in
                reference.target == .view(old) ? ViewRewriting.text(new) : nil
            }
            if text != view.text {
                view.text = text
                catalog.put(view)
                result.append(view)
            }
            try ViewRewriting.check(view, after: catalog, context)
        }
        return result
    }

    /// All views that name something in the schema, for its new name.
    func viewsFollowing(schema old: String, to new: String) throws(SQLError) -> [ViewDefinition] {
        var catalog = context.catalog
        catalog.rename(schema: old, to: new)
        let before = context.catalog
        var result: [ViewDefinition] = []
        for view in Self.innerFirst(before.views.values.sorted { $0.name < $1.name }) where !view.columns.isEmpty {
            func moved(_ name: TableName) -> TableName {
                name.schema == old ? TableName(schema: new, name: name.name) : name
            }
            // One that has nothing to do with the schema need not even be whole.
            let isConcerned =
                view.name.schema == old || view.searchPath.contains(old) || view.views.contains { $0.schema == old }
                || view.tables.contains { before.tables[$0]?.name.schema == old }
            guard isConcerned else { continue }
            guard var renamed = catalog.views[moved(view.name)] else { continue }
            let text = try ViewRewriting.text(of: view, in: context) { reference in
                guard reference.name.schema?.name == old else { return nil }
                switch reference.target {
                case .table(let id): return before.tables[id].map { ViewRewriting.text(moved($0.name)) }
                case .view(let name): return ViewRewriting.text(moved(name))
                }
            }
            if text != view.text {
                renamed.text = text
                catalog.put(renamed)
                result.append(renamed)
            }
            try ViewRewriting.check(renamed, after: catalog, context)
        }
        return result
    }

    private static func innerFirst(_ views: [ViewDefinition]) -> [ViewDefinition] {
        var left = views
        var ordered: [ViewDefinition] = []
        while !left.isEmpty {
            let names = Set(left.map(\.name))
            let next = left.firstIndex { view in !view.views.contains { names.contains($0) && $0 != view.name } } ?? 0
            ordered.append(left.remove(at: next))
        }
        return ordered
    }
}
