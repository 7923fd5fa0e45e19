import SQLTypes

/// How the bytes of a value become a field of the file.
enum FieldQuoting: Hashable, Sendable {
    /// As they are: a delimiter within is the reader's problem, as it is in Redshift.
    case none
    /// In quotation marks if they hold a delimiter, a quotation mark or a line end; quotation marks are doubled.
    case csv(delimiter: UInt8)
    /// - escape: a backslash before line ends, delimiters, backslashes, and quotation marks if fields have them.
    /// - quotes: quotation marks around every field.
    case marked(delimiter: UInt8, escape: Bool, quotes: Bool)

    init(_ options: UnloadOptions) {
        let delimiter = options.effectiveDelimiter
        if options.format == .csv {
            self = .csv(delimiter: delimiter)
        } else if options.escape || options.addQuotes {
            self = .marked(delimiter: delimiter, escape: options.escape, quotes: options.addQuotes)
        } else {
            self = .none
        }
    }

    /// Whether numbers, dates and their like need no look: none of their characters means anything in the file.
    var passesNumbers: Bool {
        switch self {
        case .none: true
        case .csv(let delimiter): !FieldQuoting.occursInNumbers(delimiter)
        case .marked(let delimiter, _, let quotes): !quotes && !FieldQuoting.occursInNumbers(delimiter)
        }
    }

    /// Letters stand in `NaN`, booleans, BC and hexadecimal digits.
    private static func occursInNumbers(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"):
            true
        default: " +-.:".utf8.contains(byte)
        }
    }

    func append(_ field: UnsafeBufferPointer<UInt8>, to text: inout [UInt8]) {
        switch self {
        case .none: text.append(contentsOf: field)
        case .csv(let delimiter): FieldQuoting.appendCSV(field, delimiter, to: &text)
        case .marked(let delimiter, let escape, let quotes):
            if quotes { text.append(UnloadOptions.quote) }
            if escape {
                FieldQuoting.appendEscaped(field, delimiter, quotes: quotes, to: &text)
            } else {
                text.append(contentsOf: field)
            }
            if quotes { text.append(UnloadOptions.quote) }
        }
    }

    private static func appendCSV(_ field: UnsafeBufferPointer<UInt8>, _ delimiter: UInt8, to text: inout [UInt8]) {
        let quote = UnloadOptions.quote
        let needsQuotes = field.contains { $0 == delimiter || $0 == quote || isLineEnd($0) }
        guard needsQuotes else { return text.append(contentsOf: field) }
        text.append(quote)
        for byte in field {
            if byte == quote { text.append(quote) }
            text.append(byte)
        }
        text.append(quote)
    }

    private static func appendEscaped(
        _ field: UnsafeBufferPointer<UInt8>, _ delimiter: UInt8, quotes: Bool, to text: inout [UInt8]
    ) {
        for byte in field {
            let isMark = quotes && (byte == UnloadOptions.quote || byte == UInt8(ascii: "'"))
            if byte == delimiter || byte == UnloadOptions.backslash || isLineEnd(byte) || isMark {
                text.append(UnloadOptions.backslash)
            }
            text.append(byte)
        }
    }

    private static func isLineEnd(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") }
}
