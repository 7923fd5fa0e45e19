import Catalog
import SQLTypes

extension DatabaseVersion {
    /// Statements that define different things do not wait for one another; what one needs another may have dropped.
    /// - Parameter changes: those of the database that is seen.
    /// - Throws: 40001 if something would be left that needs what is not there.
    func expectWhole(after changes: [CommitRecord.Change]) throws(SQLError) {
        var defines = false
        for change in changes {
            switch change {
            case .createTable(let table): try expectSchema(of: table.name)
            case .putView(let view): try expectSchema(of: view.name)
            case .dropTable, .dropView, .dropSchema, .renameView: break
            default: continue
            }
            defines = true
        }
        guard defines else { return }
        for view in catalog.views.values {
            guard view.tables.allSatisfy({ catalog.tables[$0] != nil }),
                view.views.allSatisfy({ catalog.views[$0] != nil })
            else {
                throw SQLError(
                    .serializationFailure, "what view \(view.name) reads was dropped by a concurrent transaction",
                    hint: "Run the transaction again.")
            }
        }
        for case .dropSchema(let name) in changes where !TableName.isTemporary(schema: name) {
            guard !catalog.tables.values.contains(where: { $0.name.schema == name }),
                !catalog.views.keys.contains(where: { $0.schema == name })
            else {
                throw SQLError(
                    .serializationFailure, "a concurrent transaction has made something in schema \(name)",
                    hint: "Run the transaction again.")
            }
        }
    }

    private func expectSchema(of name: TableName) throws(SQLError) {
        guard catalog.schemas.contains(name.schema) || name.isTemporary else {
            throw SQLError(
                .serializationFailure, "schema \(name.schema) was dropped by a concurrent transaction",
                hint: "Run the transaction again.")
        }
    }
}
