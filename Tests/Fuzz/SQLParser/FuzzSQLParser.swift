import SQLSyntax
import SQLTypes

/// libFuzzer's entry: any bytes are parsed, or refused with an error that lies in the text; what is parsed prints as SQL
/// that parses to the same again.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzSQLParser(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let text = Array(UnsafeBufferPointer(start: bytes, count: count))
    let parsed: [ParsedStatement]
    do throws(SQLError) {
        parsed = try parseStatements(utf8: text)
    } catch {
        if let position = error.position {
            precondition((1...text.count + 1).contains(position), "\(error) lies outside of the text")
        }
        return 0
    }
    for statement in parsed {
        let printed = Printer.print(statement.statement)
        do throws(SQLError) {
            let again = try parseStatement(printed)
            precondition(Printer.print(again.statement) == printed, "not the same again: \(printed)")
        } catch {
            // The printer writes brackets that the text did without: what nests just deep enough may not do so printed.
            if error.state == .statementTooComplex { continue }
            preconditionFailure("\(error): \(printed)")
        }
    }
    return 0
}
