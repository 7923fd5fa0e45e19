/// A change of policies, and of what they are attached to.
package enum PolicyChange: Hashable, Sendable {
    /// Also in the place of the one of the same name.
    case putRowPolicy(RowPolicy)
    case dropRowPolicy(String)
    case attachRowPolicy(RowPolicyAttachment)
    case detachRowPolicy(RowPolicyAttachment)
    /// nil: OFF.
    case setRowSecurity(TableID, RowSecurity?)
    case putMaskingPolicy(MaskingPolicy)
    case dropMaskingPolicy(String)
    case attachMaskingPolicy(MaskingAttachment)
    case detachMaskingPolicy(MaskingAttachment)
}

extension SecurityPolicies {
    mutating func apply(_ change: PolicyChange) {
        switch change {
        case .putRowPolicy(let policy): put(policy)
        case .dropRowPolicy(let name): removeRowPolicy(name)
        case .attachRowPolicy(let attachment): attach(attachment)
        case .detachRowPolicy(let attachment): detach(attachment)
        case .setRowSecurity(let table, let security): set(security, on: table)
        case .putMaskingPolicy(let policy): put(policy)
        case .dropMaskingPolicy(let name): removeMaskingPolicy(name)
        case .attachMaskingPolicy(let attachment): attach(attachment)
        case .detachMaskingPolicy(let attachment): detach(attachment)
        }
    }

    /// The changes that make it from an empty one, in an order that does not depend on hashing.
    var changes: [PolicyChange] {
        rowPolicies.values.sorted { $0.name < $1.name }.map { .putRowPolicy($0) }
            + maskingPolicies.values.sorted { $0.name < $1.name }.map { .putMaskingPolicy($0) }
            + rowAttachments.map { .attachRowPolicy($0) } + maskingAttachments.map { .attachMaskingPolicy($0) }
            + rowSecurity.sorted { $0.key < $1.key }.map { .setRowSecurity($0.key, $0.value) }
    }
}
