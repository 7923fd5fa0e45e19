import SQLSyntax
import SQLTypes

/// The parameters of one session: what SET sets and SHOW shows.
///
/// A parameter is accepted only if setting it does what it says, or if what it steers does not exist here and cannot be
/// missed (the result cache). Values that would have to change an answer and do not are refused by name.
/// - Source: Redshift developer guide, "Modifying the server configuration".
struct SessionSettings: Sendable {
    struct Definition: Sendable {
        enum Kind: Sendable {
            case text
            case boolean
            case integer(ClosedRange<Int64>)
            /// Other values exist in Redshift, and are not supported here; folded.
            case only([String])
            case readOnly
        }
        var name: String
        var standard: String
        var kind: Kind

        init(_ name: String, _ standard: String, _ kind: Kind) {
            self.name = name
            self.standard = standard
            self.kind = kind
        }
    }

    static let definitions: [Definition] = [
        Definition("analyze_threshold_percent", "10", .integer(0...100)),
        Definition("application_name", "", .text),
        Definition("client_encoding", "UTF8", .only(["utf8", "unicode", "utf-8"])),
        Definition("datestyle", "ISO, MDY", .only(["iso", "iso, mdy"])),
        Definition("enable_case_sensitive_identifier", "off", .only(["off", "false", "0", "no"])),
        Definition("enable_result_cache_for_session", "on", .boolean),
        Definition("extra_float_digits", "0", .only(["0"])),
        Definition("query_group", "default", .text),
        Definition("search_path", "\"$user\", public", .text),
        Definition("server_encoding", "UTF8", .readOnly),
        Definition("server_version", "8.0.2", .readOnly),
        Definition("statement_timeout", "0", .integer(0...Int64(Int32.max))),
        Definition("standard_conforming_strings", "on", .only(["on", "true", "1", "yes"])),
        Definition("timezone", "UTC", .only(["utc", "gmt", "default"])),
        Definition("wlm_query_slot_count", "1", .integer(1...50)),
    ]

    /// What version() says: drivers look for PostgreSQL 8.0.2 and Redshift in it.
    static let version =
        "PostgreSQL 8.0.2 on i686-pc-linux-gnu, compiled by GCC gcc (GCC) 3.4.2 20041017 "
        + "(Red Hat 3.4.2-6.fc3), Redshift 1.0.0 (Blueshift)"

    /// Only what differs from the standard.
    private var values: [String: String] = [:]

    static func definition(_ name: String, at position: Int?) throws(SQLError) -> Definition {
        guard let found = definitions.first(where: { $0.name == name }) else {
            throw SQLError(.undefinedObject, "unrecognized configuration parameter \"\(name)\"", position: position)
        }
        return found
    }

    subscript(name: String) -> String? {
        values[name] ?? SessionSettings.definitions.first { $0.name == name }?.standard
    }

    /// No value: DEFAULT.
    mutating func set(_ name: String, to parts: [SetStatement.Value], at position: Int?) throws(SQLError) {
        let definition = try SessionSettings.definition(name, at: position)
        if case .readOnly = definition.kind {
            throw SQLError(
                .invalidParameterValue, "parameter \"\(name)\" cannot be changed", position: position)
        }
        guard !parts.isEmpty else {
            values[name] = nil
            return
        }
        values[name] = try SessionSettings.checked(definition, parts, at: position)
    }

    mutating func reset(_ name: String) throws(SQLError) {
        _ = try SessionSettings.definition(name, at: nil)
        values[name] = nil
    }

    mutating func resetAll() { values = [:] }

    private static func checked(
        _ definition: Definition, _ parts: [SetStatement.Value], at position: Int?
    ) throws(SQLError) -> String {
        let text = parts.map(\.text).joined(separator: ", ")
        let folded = text.lowercased()
        switch definition.kind {
        case .text, .readOnly: return text
        case .boolean:
            switch folded {
            case "on", "true", "yes", "1": return "on"
            case "off", "false", "no", "0": return "off"
            default: throw invalid("parameter \"\(definition.name)\" requires a Boolean value", position)
            }
        case .integer(let range):
            guard let number = Int64(text) else {
                throw invalid("parameter \"\(definition.name)\" requires an integer value", position)
            }
            guard range.contains(number) else {
                throw invalid(
                    "\(number) is outside the valid range for parameter \"\(definition.name)\" "
                        + "(\(range.lowerBound) .. \(range.upperBound))", position)
            }
            return String(number)
        case .only(let accepted):
            guard accepted.contains(folded) else {
                throw SQLError.unsupported("SET \(definition.name) TO \(text)", at: position)
            }
            return definition.standard
        }
    }

    private static func invalid(_ message: String, _ position: Int?) -> SQLError {
        SQLError(.invalidParameterValue, message, position: position)
    }

    /// Schemas to look names up in, `schemas` being those that there are: one that is missing is skipped, as `$user`
    /// mostly is.
    func searchPath(user: String, schemas: Set<String>) -> [String] {
        let text = self["search_path"] ?? "public"
        return text.split(separator: ",").compactMap { part in
            var name = part.drop { $0 == " " }
            while name.last == " " { name.removeLast() }
            if name.count >= 2, let first = name.first, first == name.last, first == "\"" || first == "'" {
                name = name.dropFirst().dropLast()
            }
            let schema = name == "$user" ? user : name.lowercased()
            return schemas.contains(schema) ? schema : nil
        }
    }

    /// Milliseconds; 0: none.
    var statementTimeoutMs: Int64 { Int64(self["statement_timeout"] ?? "0") ?? 0 }

    /// All parameters by name, for SHOW ALL.
    var all: [(name: String, value: String)] {
        SessionSettings.definitions.map { ($0.name, values[$0.name] ?? $0.standard) }
    }
}
