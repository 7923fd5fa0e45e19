import Catalog
import SQLTypes

extension TypeListing {
    /// As format_type shows it, and `typname`.
    static func name(of oid: ObjectID) -> (shown: String, internalName: String) {
        guard let entry = byOID[oid] else { return ("???", "???") }
        if entry.isArray { return ("ARRAY", entry.name) }
        let shown = SQLType.formatted(oid: oid, typeModifier: nil)
        return (shown == "???" ? entry.name : shown, entry.name)
    }

    static let byOID = Dictionary(uniqueKeysWithValues: all.map { ($0.oid, $0) })
}
