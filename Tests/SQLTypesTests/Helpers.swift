import SQLTypes

/// 2008-01-25 10:11:12.345678 UTC, a Friday.
let testClock = DateTimeContext(transactionStart: micros("2008-01-25 10:11:12.345678"))

func parse(_ text: String, as type: SQLType, _ context: DateTimeContext = testClock) throws(SQLError) -> SQLValue {
    try type.parse(Array(text.utf8), context: context)
}

func show(_ value: SQLValue, as type: SQLType, zone: SessionTimeZone = .utc) -> String {
    String(decoding: value.text(as: type, zone: zone), as: UTF8.self)
}

/// Text → value → text; an error as its SQLSTATE and message.
func roundTrip(_ text: String, as type: SQLType, _ context: DateTimeContext = testClock) -> String {
    do { return show(try parse(text, as: type, context), as: type, zone: context.zone) } catch {
        return "\(error.state.code) \(error.message)"
    }
}

/// A timestamp literal in microseconds since 2000.
func micros(_ text: String) -> Int64 {
    guard let value = try? DateTimeText.timestamp(Array(text.utf8).span) else { preconditionFailure(text) }
    return value
}

/// A date literal in days since 2000.
func days(_ text: String) -> Int32 {
    guard let value = try? DateTimeText.date(Array(text.utf8).span) else { preconditionFailure(text) }
    return value
}

func text(timestamp: Int64) -> String { show(.timestamp(timestamp), as: .timestamp) }
func text(date: Int32) -> String { show(.date(date), as: .date) }

func decimal(_ text: String) -> Decimal {
    guard let value = NumberText.decimalLiteral(Array(text.utf8).span) else { preconditionFailure(text) }
    return value
}
