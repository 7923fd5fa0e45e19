import Catalog
import QueryPlan
import SQLTypes

/// Columns that the step tables have in common.
/// - Source: Redshift developer guide, the pages "STL_SCAN", "STL_HASH" and their siblings.
enum StepField {
    static let user = Field<StepRow>("userid", .integer) { .int($0.query.record.userID.rawValue) }
    static let queryNumber = Field<StepRow>("query", .integer) { .int($0.query.record.number) }
    static let sliceNumber = Field<StepRow>("slice", .integer) { .int($0.slice.slice) }
    static let segment = Field<StepRow>("segment", .integer) { .int($0.slice.segment) }
    static let stepNumber = Field<StepRow>("step", .integer) { .int($0.number) }
    static let rows = Field<StepRow>("rows", .bigint) { .int($0.step.rows) }
    static let bytes = Field<StepRow>("bytes", .bigint) { .int($0.step.bytes) }
    static let table = Field<StepRow>("tbl", .integer) { .int($0.step.tableNumber) }
    static let isDiskBased = Field<StepRow>("is_diskbased", .char(length: 1)) { .flag($0.step.isDiskBased) }
    static let workMemory = Field<StepRow>("workmem", .bigint) { .int($0.step.memoryBytes) }
    static let isRangeRestricted = Field<StepRow>("is_rrscan", .char(length: 1)) { .flag($0.step.isRangeRestricted) }
    static let isDelayed = Field<StepRow>("is_delayed_scan", .char(length: 1), .text("f"))
    static let checksum = Field<StepRow>("checksum", .bigint, .int(0))
    static let packets = Field<StepRow>("packets", .integer) { .int($0.step.packets) }
    static let slots = Field<StepRow>("slots", .integer) { .int($0.step.slots) }
    static let occupied = Field<StepRow>("occupied", .integer) { .int($0.step.occupied) }
    /// Of an aggregate: a place has one group.
    static let longestSlot = Field<StepRow>("maxlength", .integer) { .int($0.step.occupied > 0 ? 1 : 0) }
    /// Whether groups were found by hash, came in order, or there was but one.
    static let aggregateType = Field<StepRow>("type", .char(length: 6)) {
        switch $0.step.algorithm {
        case "ungrouped": .text("PLAIN")
        case "ordered runs": .text("SORTED")
        default: .text("HASHED")
        }
    }
    static let resizes = Field<StepRow>("resizes", .integer, .int(0))
    static let flushable = Field<StepRow>("flushable", .integer, .int(0))

    /// What all of them begin with. `tasknum` is the slice's queue, which did all of the step.
    static let common: [Field<StepRow>] = [
        user, queryNumber, sliceNumber, segment, stepNumber,
        Field("starttime", .timestamp) { .timestamp($0.start) }, Field("endtime", .timestamp) { .timestamp($0.end) },
        Field("tasknum", .integer) { .int($0.slice.slice) }, rows,
    ]
}
