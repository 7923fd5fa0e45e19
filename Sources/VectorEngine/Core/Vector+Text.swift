package import SQLTypes

extension Vector {
    /// Appends what a client is shown of one row (`SQLValue.append`); false, and nothing appended, for NULL. Strings go
    /// straight from where they are.
    package func appendText(at row: Int, as type: SQLType, zone: SessionTimeZone, to text: inout [UInt8]) -> Bool {
        precondition(row >= 0 && row < count, "row \(row) of \(count)")
        if case .varchar = type, let view = view(at: row) {
            guard isValid(row) else { return false }
            text.append(contentsOf: view.bytes)
            return true
        }
        let value = value(at: row, as: type)
        if value.isNull { return false }
        value.append(as: type, zone: zone, to: &text)
        return true
    }
}
