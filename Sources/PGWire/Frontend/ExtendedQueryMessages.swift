import SQLTypes

/// How a value travels.
package enum WireFormat: Int16, Hashable, Sendable {
    case text = 0
    case binary = 1

    init(_ reader: inout MessageReader) throws(SQLError) {
        let code = try reader.integer(Int16.self)
        guard let format = WireFormat(rawValue: code) else {
            throw SQLError(.invalidParameterValue, "unsupported format code: \(code)")
        }
        self = format
    }
}

package struct ParseMessage: Hashable, Sendable {
    /// Empty: the unnamed statement.
    package var statement: String
    package var text: String
    /// Of `$1`, `$2`, …, as far as the client says; 0: to be inferred.
    package var parameterOIDs: [UInt32]

    package init(statement: String, text: String, parameterOIDs: [UInt32] = []) {
        self.statement = statement
        self.text = text
        self.parameterOIDs = parameterOIDs
    }

    init(_ reader: inout MessageReader) throws(SQLError) {
        statement = try reader.cString()
        text = try reader.cString()
        parameterOIDs = try reader.list { reader throws(SQLError) in try reader.integer(UInt32.self) }
    }
}

package struct BindMessage: Hashable, Sendable {
    package var portal: String
    package var statement: String
    /// None: all text; one: for all; else one each.
    package var parameterFormats: [WireFormat]
    /// nil: NULL.
    package var parameters: [[UInt8]?]
    /// As `parameterFormats`, for the columns of the result.
    package var resultFormats: [WireFormat]

    package init(
        portal: String, statement: String, parameterFormats: [WireFormat] = [], parameters: [[UInt8]?] = [],
        resultFormats: [WireFormat] = []
    ) {
        self.portal = portal
        self.statement = statement
        self.parameterFormats = parameterFormats
        self.parameters = parameters
        self.resultFormats = resultFormats
    }

    init(_ reader: inout MessageReader) throws(SQLError) {
        portal = try reader.cString()
        statement = try reader.cString()
        parameterFormats = try reader.list { reader throws(SQLError) in try WireFormat(&reader) }
        parameters = try reader.list { reader throws(SQLError) -> [UInt8]? in
            let length = try reader.integer(Int32.self)
            return length == -1 ? nil : try reader.bytes(Int(length))
        }
        resultFormats = try reader.list { reader throws(SQLError) in try WireFormat(&reader) }
    }
}

/// What Describe and Close are about.
package enum MessageTarget: Hashable, Sendable {
    case statement(String)
    case portal(String)

    init(_ reader: inout MessageReader, _ message: String) throws(SQLError) {
        let kind = try reader.byte()
        let name = try reader.cString()
        switch kind {
        case UInt8(ascii: "S"): self = .statement(name)
        case UInt8(ascii: "P"): self = .portal(name)
        default: throw SQLError(.protocolViolation, "invalid \(message) message subtype \(kind)")
        }
    }
}

extension FrontendMessage {
    /// A limit of 0 or less means all rows.
    static func decodeExecute(_ reader: inout MessageReader) throws(SQLError) -> FrontendMessage {
        let portal = try reader.cString()
        let limit = try reader.integer(Int32.self)
        return .execute(portal: portal, rowLimit: max(0, Int(limit)))
    }
}
