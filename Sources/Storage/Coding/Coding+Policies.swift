import Catalog
import SQLTypes
import VectorEngine

extension ByteWriter {
    mutating func policy(_ change: PolicyChange) {
        switch change {
        case .putRowPolicy(let policy):
            u8(1)
            rowPolicy(policy)
        case .dropRowPolicy(let name):
            u8(2)
            string(name)
        case .attachRowPolicy(let attachment):
            u8(3)
            rowAttachment(attachment)
        case .detachRowPolicy(let attachment):
            u8(4)
            rowAttachment(attachment)
        case .setRowSecurity(let table, let security):
            u8(5)
            i32(table.rawValue)
            optional(security) {
                $0.bool($1.needsAll)
                $0.bool($1.forDatashares)
            }
        case .putMaskingPolicy(let policy):
            u8(6)
            maskingPolicy(policy)
        case .dropMaskingPolicy(let name):
            u8(7)
            string(name)
        case .attachMaskingPolicy(let attachment):
            u8(8)
            maskingAttachment(attachment)
        case .detachMaskingPolicy(let attachment):
            u8(9)
            maskingAttachment(attachment)
        }
    }

    private mutating func policyColumns(_ columns: [PolicyColumn]) {
        list(columns) {
            $0.string($1.name)
            $0.type($1.type)
        }
    }

    private mutating func rowPolicy(_ policy: RowPolicy) {
        string(policy.name)
        policyColumns(policy.columns)
        optional(policy.alias) { $0.string($1) }
        string(policy.predicate)
        list(policy.searchPath) { $0.string($1) }
        list(policy.lookups) { $0.i32($1.rawValue) }
        i32(policy.modifiedBy.rawValue)
        i64(policy.modifiedAt)
    }

    private mutating func rowAttachment(_ attachment: RowPolicyAttachment) {
        string(attachment.policy)
        i32(attachment.table.rawValue)
        grantee(attachment.grantee)
        i32(attachment.grantor.rawValue)
    }

    private mutating func maskingPolicy(_ policy: MaskingPolicy) {
        string(policy.name)
        policyColumns(policy.inputs)
        list(policy.expressions) { $0.string($1) }
        list(policy.searchPath) { $0.string($1) }
        i32(policy.modifiedBy.rawValue)
        i64(policy.modifiedAt)
    }

    private mutating func maskingAttachment(_ attachment: MaskingAttachment) {
        string(attachment.policy)
        i32(attachment.table.rawValue)
        list(attachment.outputs) { $0.string($1) }
        list(attachment.inputs) { $0.string($1) }
        grantee(attachment.grantee)
        i32(attachment.grantor.rawValue)
        i64(attachment.priority)
    }
}

extension ByteReader {
    mutating func policy() throws(SQLError) -> PolicyChange {
        switch try u8() {
        case 1: return .putRowPolicy(try rowPolicy())
        case 2: return .dropRowPolicy(try string())
        case 3: return .attachRowPolicy(try rowAttachment())
        case 4: return .detachRowPolicy(try rowAttachment())
        case 5:
            let table = TableID(try i32())
            let security = try optional { (reader) throws(SQLError) in
                let needsAll = try reader.bool()
                return RowSecurity(needsAll: needsAll, forDatashares: try reader.bool())
            }
            return .setRowSecurity(table, security)
        case 6: return .putMaskingPolicy(try maskingPolicy())
        case 7: return .dropMaskingPolicy(try string())
        case 8: return .attachMaskingPolicy(try maskingAttachment())
        case 9: return .detachMaskingPolicy(try maskingAttachment())
        case let other: throw .corrupt("unknown change \(other) of policies")
        }
    }

    private mutating func strings() throws(SQLError) -> [String] {
        try list(bytesEach: 4) { (reader) throws(SQLError) in try reader.string() }
    }

    private mutating func policyColumns() throws(SQLError) -> [PolicyColumn] {
        try list(bytesEach: 5) { (reader) throws(SQLError) in
            let name = try reader.string()
            return PolicyColumn(name, try reader.type())
        }
    }

    private mutating func rowPolicy() throws(SQLError) -> RowPolicy {
        let name = try string()
        let columns = try policyColumns()
        let alias = try optional { (reader) throws(SQLError) in try reader.string() }
        let predicate = try string()
        let searchPath = try strings()
        let lookups = try list(bytesEach: 4) { (reader) throws(SQLError) in TableID(try reader.i32()) }
        let modifiedBy = UserID(try i32())
        return RowPolicy(
            name: name, columns: columns, alias: alias, predicate: predicate, searchPath: searchPath,
            lookups: lookups, modifiedBy: modifiedBy, modifiedAt: try i64())
    }

    private mutating func rowAttachment() throws(SQLError) -> RowPolicyAttachment {
        let policy = try string()
        let table = TableID(try i32())
        let grantee = try grantee()
        return RowPolicyAttachment(policy: policy, table: table, grantee: grantee, grantor: UserID(try i32()))
    }

    private mutating func maskingPolicy() throws(SQLError) -> MaskingPolicy {
        let name = try string()
        let inputs = try policyColumns()
        let expressions = try strings()
        let searchPath = try strings()
        let modifiedBy = UserID(try i32())
        return MaskingPolicy(
            name: name, inputs: inputs, expressions: expressions, searchPath: searchPath, modifiedBy: modifiedBy,
            modifiedAt: try i64())
    }

    private mutating func maskingAttachment() throws(SQLError) -> MaskingAttachment {
        let policy = try string()
        let table = TableID(try i32())
        let outputs = try strings()
        let inputs = try strings()
        let grantee = try grantee()
        let grantor = UserID(try i32())
        return MaskingAttachment(
            policy: policy, table: table, outputs: outputs, inputs: inputs, grantee: grantee, grantor: grantor,
            priority: try i64())
    }
}
