package import SQLTypes

/// A column that a policy reads, as its WITH declares it.
package struct PolicyColumn: Hashable, Sendable {
    package var name: String
    package var type: SQLType

    package init(_ name: String, _ type: SQLType) {
        self.name = name
        self.type = type
    }
}

/// Which rows of a table somebody sees: a predicate, by text, bound anew wherever a table that it is attached to is read.
/// - Source: Redshift developer guide, "CREATE RLS POLICY".
package struct RowPolicy: Hashable, Sendable {
    package var name: String
    package var columns: [PolicyColumn]
    /// What the predicate calls the table.
    package var alias: String?
    /// As the printer writes it.
    package var predicate: String
    /// Where its unqualified names are looked up.
    package var searchPath: [String]
    /// Other tables that it reads: these cannot go before the policy does.
    package var lookups: [TableID]
    package var modifiedBy: UserID
    /// Microseconds since 2000-01-01 00:00:00 UTC.
    package var modifiedAt: Int64

    package init(
        name: String, columns: [PolicyColumn], alias: String?, predicate: String, searchPath: [String],
        lookups: [TableID], modifiedBy: UserID, modifiedAt: Int64
    ) {
        self.name = name
        self.columns = columns
        self.alias = alias
        self.predicate = predicate
        self.searchPath = searchPath
        self.lookups = lookups
        self.modifiedBy = modifiedBy
        self.modifiedAt = modifiedAt
    }
}

/// A row policy that holds for a table and a user, a role or everybody.
package struct RowPolicyAttachment: Hashable, Sendable {
    package var policy: String
    package var table: TableID
    package var grantee: Grantee
    package var grantor: UserID

    package init(policy: String, table: TableID, grantee: Grantee, grantor: UserID) {
        self.policy = policy
        self.table = table
        self.grantee = grantee
        self.grantor = grantor
    }
}

/// ALTER TABLE … ROW LEVEL SECURITY ON: how the policies of one table go together.
package struct RowSecurity: Hashable, Sendable {
    /// A row must pass all of a user's policies; false: one of them.
    package var needsAll: Bool
    package var forDatashares: Bool

    package init(needsAll: Bool = true, forDatashares: Bool = false) {
        self.needsAll = needsAll
        self.forDatashares = forDatashares
    }
}

/// What somebody sees in the place of columns: one expression for each, by text.
/// - Source: Redshift developer guide, "CREATE MASKING POLICY".
package struct MaskingPolicy: Hashable, Sendable {
    package var name: String
    package var inputs: [PolicyColumn]
    package var expressions: [String]
    package var searchPath: [String]
    package var modifiedBy: UserID
    package var modifiedAt: Int64

    package init(
        name: String, inputs: [PolicyColumn], expressions: [String], searchPath: [String], modifiedBy: UserID,
        modifiedAt: Int64
    ) {
        self.name = name
        self.inputs = inputs
        self.expressions = expressions
        self.searchPath = searchPath
        self.modifiedBy = modifiedBy
        self.modifiedAt = modifiedAt
    }
}

/// A masking policy that holds for columns of a table and a user, a role or everybody.
package struct MaskingAttachment: Hashable, Sendable {
    package var policy: String
    package var table: TableID
    /// Columns that are masked, one for each expression, and those that the expressions read, one for each input.
    package var outputs: [String]
    package var inputs: [String]
    package var grantee: Grantee
    package var grantor: UserID
    /// Of several that hold for a user, the one with the greatest is applied.
    package var priority: Int64

    package init(
        policy: String, table: TableID, outputs: [String], inputs: [String], grantee: Grantee, grantor: UserID,
        priority: Int64
    ) {
        self.policy = policy
        self.table = table
        self.outputs = outputs
        self.inputs = inputs
        self.grantee = grantee
        self.grantor = grantor
        self.priority = priority
    }
}

/// Row-level security and dynamic data masking: policies by name, and what they are attached to.
package struct SecurityPolicies: Hashable, Sendable {
    package private(set) var rowPolicies: [String: RowPolicy] = [:]
    /// In the order of attaching.
    package private(set) var rowAttachments: [RowPolicyAttachment] = []
    /// Tables whose rows are guarded.
    package private(set) var rowSecurity: [TableID: RowSecurity] = [:]
    package private(set) var maskingPolicies: [String: MaskingPolicy] = [:]
    package private(set) var maskingAttachments: [MaskingAttachment] = []

    package init() {}

    /// Nothing is guarded: most clusters need look no further.
    package var isEmpty: Bool { rowSecurity.isEmpty && maskingAttachments.isEmpty }

    /// Somebody sees other rows or values of the table than are stored.
    package func guards(_ table: TableID) -> Bool {
        rowSecurity[table] != nil || maskingAttachments.contains { $0.table == table }
    }

    /// Whether somebody does not see the column of every row, or sees something else in its place.
    package func hides(_ column: String, of table: TableID, from viewer: Rights) -> Bool {
        if rowSecurity[table] != nil, !viewer.holds(.ignoreRLS) { return true }
        return maskingAttachments.contains {
            $0.table == table && $0.outputs.contains(column) && viewer.includes($0.grantee)
        }
    }

    package func rowAttachments(of table: TableID) -> [RowPolicyAttachment] {
        rowAttachments.filter { $0.table == table }
    }

    package func maskingAttachments(of table: TableID) -> [MaskingAttachment] {
        maskingAttachments.filter { $0.table == table }
    }

    mutating func put(_ policy: RowPolicy) { rowPolicies[policy.name] = policy }
    mutating func put(_ policy: MaskingPolicy) { maskingPolicies[policy.name] = policy }

    /// It is detached, too.
    mutating func removeRowPolicy(_ name: String) {
        rowPolicies[name] = nil
        rowAttachments.removeAll { $0.policy == name }
    }

    mutating func removeMaskingPolicy(_ name: String) {
        maskingPolicies[name] = nil
        maskingAttachments.removeAll { $0.policy == name }
    }

    mutating func attach(_ attachment: RowPolicyAttachment) {
        detach(attachment)
        rowAttachments.append(attachment)
    }

    /// Whoever attached it.
    mutating func detach(_ attachment: RowPolicyAttachment) {
        rowAttachments.removeAll {
            $0.policy == attachment.policy && $0.table == attachment.table && $0.grantee == attachment.grantee
        }
    }

    mutating func attach(_ attachment: MaskingAttachment) { maskingAttachments.append(attachment) }

    mutating func detach(_ attachment: MaskingAttachment) {
        maskingAttachments.removeAll {
            $0.policy == attachment.policy && $0.table == attachment.table && $0.grantee == attachment.grantee
                && $0.outputs == attachment.outputs
        }
    }

    mutating func set(_ security: RowSecurity?, on table: TableID) { rowSecurity[table] = security }

    mutating func forget(_ table: TableID) {
        rowSecurity[table] = nil
        rowAttachments.removeAll { $0.table == table }
        maskingAttachments.removeAll { $0.table == table }
    }

    mutating func forget(_ grantee: Grantee) {
        rowAttachments.removeAll { $0.grantee == grantee }
        maskingAttachments.removeAll { $0.grantee == grantee }
    }
}
