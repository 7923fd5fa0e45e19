import SQLTypes
import VectorEngine

/// INTERVAL YEAR TO MONTH as months, INTERVAL DAY TO SECOND as microseconds: whatever an interval literal may say.
struct IntervalDecoder<Value: FixedWidthInteger & SignedInteger & BitwiseCopyable>: FieldDecoder {
    let type: SQLType

    @inline(__always)
    func decode(_ text: UnsafePointer<UInt8>, count: Int) -> Value? { nil }

    func decodeSlowly(_ field: UnsafeBufferPointer<UInt8>, leadingBlanks: Int) -> FieldOutcome<Value> {
        do throws(SQLError) {
            let value = try type.parse(Array(field))
            guard let stored = value.storedInteger(as: type.storage), let exact = Value(exactly: stored) else {
                return .failure(.outOfRange, "Interval out of range")
            }
            return .value(exact)
        } catch {
            return .failure(.invalidDataType, "Invalid interval format or value")
        }
    }
}
