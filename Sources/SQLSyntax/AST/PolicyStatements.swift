/// Row-level security and dynamic data masking.
/// - Source: Redshift developer guide, "CREATE RLS POLICY", "CREATE MASKING POLICY" and their siblings.
package enum PolicyStatement: Hashable, Sendable {
    package struct Column: Hashable, Sendable {
        package var name: Identifier
        package var type: TypeName

        package init(_ name: Identifier, _ type: TypeName) {
            self.name = name
            self.type = type
        }
    }

    case createRowPolicy(Identifier, columns: [Column], alias: Identifier?, Expression)
    case dropRowPolicy(Identifier, ifExists: Bool, isCascade: Bool)
    case attachRowPolicy(Identifier, on: [QualifiedName], to: [GranteeName])
    case detachRowPolicy(Identifier, on: [QualifiedName], from: [GranteeName])

    case createMaskingPolicy(Identifier, ifNotExists: Bool, inputs: [Column], [Expression])
    case alterMaskingPolicy(Identifier, [Expression])
    case dropMaskingPolicy(Identifier, ifExists: Bool, isCascade: Bool)
    /// `inputs` empty: those that are masked.
    case attachMaskingPolicy(
        Identifier, on: QualifiedName, outputs: [Identifier], inputs: [Identifier], to: GranteeName, priority: Int64)
    case detachMaskingPolicy(Identifier, on: QualifiedName, outputs: [Identifier], from: GranteeName)
}
