import Catalog
import SQLSyntax
import SQLTypes
import Synchronization

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
            /// A number, or one with a unit: `ms`, `s`, `min`, `h`, `d`. 0: none.
            case milliseconds
            /// One of these words, folded; kept as given.
            case words([String])
            /// Other values exist in Redshift, and are not supported here; folded.
            case only([String])
            /// A zone's name, abbreviation or POSIX form.
            case timeZone
            case readOnly
        }
        var name: String
        var standard: String
        var kind: Kind
        var isReadOnly: Bool { if case .readOnly = kind { true } else { false } }

        init(_ name: String, _ standard: String, _ kind: Kind) {
            self.name = name
            self.standard = standard
            self.kind = kind
        }
    }

    /// Words for what cannot be switched on, or off, here.
    private static let off = Definition.Kind.only(["off", "false", "0", "no"])
    private static let on = Definition.Kind.only(["on", "true", "1", "yes"])

    /// From what tells most to what tells least. INFO is always told.
    /// - Source: PostgreSQL, "client_min_messages".
    private static let messageLevels = [
        "debug5", "debug4", "debug3", "debug2", "debug1", "debug", "log", "notice", "warning", "error",
    ]
    /// Any may be asked for; the database's own is used, as in Redshift.
    private static let isolationLevels = [
        "serializable", "snapshot", "repeatable read", "read committed", "read uncommitted",
    ]

    /// By name.
    static let definitions: [Definition] = [
        Definition("analyze_threshold_percent", "10", .integer(0...100)),
        Definition("application_name", "", .text),
        Definition("cast_super_null_on_error", "on", on),
        Definition("client_encoding", "UTF8", .only(["utf8", "unicode", "utf-8"])),
        Definition("client_min_messages", "notice", .words(messageLevels)),
        Definition("datestyle", "ISO, MDY", .only(["iso", "iso, mdy", "iso,mdy", "mdy"])),
        Definition("default_geometry_encoding", "1", .only(["1"])),
        Definition("default_transaction_isolation", "serializable", .words(isolationLevels)),
        Definition("default_transaction_read_only", "off", .boolean),
        Definition("describe_field_name_in_uppercase", "off", .boolean),
        Definition("downcase_delimited_identifier", "on", on),
        Definition("enable_case_sensitive_identifier", "off", off),
        Definition("enable_case_sensitive_super_attribute", "off", off),
        Definition("enable_numeric_rounding", "on", on),
        Definition("enable_result_cache_for_session", "on", .boolean),
        Definition("enable_vacuum_boost", "off", .boolean),
        Definition("error_on_nondeterministic_update", "off", .boolean),
        Definition("extra_float_digits", "0", .integer(-15...3)),
        Definition("idle_in_transaction_session_timeout", "0", .milliseconds),
        Definition("idle_session_timeout", "0", .milliseconds),
        Definition("integer_datetimes", "on", .readOnly),
        Definition("interval_forbid_composite_literals", "off", off),
        Definition("intervalstyle", "postgres", .only(["postgres"])),
        Definition("json_serialization_enable", "off", off),
        Definition("json_serialization_parse_nested_strings", "off", off),
        Definition("max_concurrency_scaling_clusters", "1", .readOnly),
        Definition("max_cursor_result_set_size", "0", .only(["0"])),
        // PostgreSQL's, which its JDBC driver reads before it asks for foreign keys.
        Definition("max_index_keys", "32", .readOnly),
        Definition("mv_enable_aqmv_for_session", "on", .boolean),
        Definition("navigate_super_null_on_error", "on", on),
        Definition("parse_super_null_on_error", "off", off),
        Definition("pg_federation_repeatable_read", "on", on),
        Definition("query_group", "default", .text),
        Definition("search_path", "\"$user\", public", .text),
        Definition("server_encoding", "UTF8", .readOnly),
        Definition("server_version", "8.0.2", .readOnly),
        Definition("spectrum_enable_pseudo_columns", "on", on),
        Definition("standard_conforming_strings", "on", on),
        Definition("statement_timeout", "0", .milliseconds),
        Definition("stored_proc_log_min_messages", "log", .only(["log"])),
        Definition("timezone", "UTC", .timeZone),
        Definition("transaction_isolation", "serializable", .readOnly),
        Definition("use_fips_ssl", "off", off),
        Definition("wlm_query_slot_count", "1", .integer(1...50)),
    ]

    /// What version() says: drivers look for PostgreSQL 8.0.2 and Redshift in it.
    static let version =
        "PostgreSQL 8.0.2 on i686-pc-linux-gnu, compiled by GCC gcc (GCC) 3.4.2 20041017 "
        + "(Red Hat 3.4.2-6.fc3), Redshift 1.0.0 (Blueshift)"

    /// SET SESSION AUTHORIZATION: whose rights hold; nil: those of who has logged in. It begins and ends as a setting
    /// does.
    var authorization: UserID? { didSet { generation = SessionSettings.nextGeneration() } }

    /// Only what differs from the standard.
    private var values: [String: String] = [:] { didSet { generation = SessionSettings.nextGeneration() } }
    /// What the client began with, and RESET brings back.
    private var initial: [String: String] = [:] { didSet { generation = SessionSettings.nextGeneration() } }
    /// Of two settings with the same number every value is the same: what is worked out from them need not be again.
    private(set) var generation = SessionSettings.nextGeneration()

    private static let lastGeneration = Atomic<Int64>(0)
    private static func nextGeneration() -> Int64 { lastGeneration.add(1, ordering: .relaxed).newValue }

    init() {}

    /// What a new session of the user begins with: ALTER USER … SET.
    init(of user: UserDefinition) {
        for setting in user.settings { initial[setting.name] = setting.value }
    }

    /// - Parameter user: whose own settings (ALTER USER … SET) are those that the startup message does not give.
    init(of user: UserDefinition, startingWith identity: SessionIdentity) throws(SQLError) {
        self.init(of: user)
        var given = identity.settings
        if !identity.applicationName.isEmpty { given["application_name"] = identity.applicationName }
        for (name, value) in given.sorted(by: { $0.key < $1.key }) {
            let name = name.lowercased()
            guard let definition = SessionSettings.definitions.first(where: { $0.name == name }),
                !definition.isReadOnly
            else { continue }
            try set(name, to: SessionSettings.parts(of: value, for: name), at: nil)
        }
        initial.merge(values) { _, given in given }
        values = [:]
    }

    /// A value that comes as one text, as in SET.
    static func parts(of value: String, for name: String) -> [SetStatement.Value] {
        guard name == "search_path" else { return [.string(value)] }
        return value.split(separator: ",").map { part in
            var text = part.drop { $0 == " " }
            while text.last == " " { text.removeLast() }
            if text.count >= 2, text.first == "\"", text.last == "\"" { text = text.dropFirst().dropLast() }
            return .string(String(text))
        }
    }

    static func definition(_ name: String, at position: Int?) throws(SQLError) -> Definition {
        guard let found = definitions.first(where: { $0.name == name }) else {
            throw SQLError(.undefinedObject, "unrecognized configuration parameter \"\(name)\"", position: position)
        }
        return found
    }

    subscript(name: String) -> String? {
        values[name] ?? initial[name] ?? SessionSettings.definitions.first { $0.name == name }?.standard
    }

    /// Text of a parameter, or of a context variable (`a.b`), which is there once it is set.
    func value(of name: String, at position: Int?) throws(SQLError) -> String {
        if let value = values[name] ?? initial[name] { return value }
        return try SessionSettings.definition(name, at: position).standard
    }

    /// A variable of the session's own: its name has a point.
    private static func isContextVariable(_ name: String) -> Bool { name.contains(".") }

    /// No value: DEFAULT.
    mutating func set(_ name: String, to parts: [SetStatement.Value], at position: Int?) throws(SQLError) {
        if SessionSettings.isContextVariable(name) {
            values[name] = parts.isEmpty ? nil : parts.map(\.text).joined(separator: ", ")
            return
        }
        let definition = try SessionSettings.definition(name, at: position)
        if case .readOnly = definition.kind {
            throw SQLError(
                .invalidParameterValue, "parameter \"\(name)\" cannot be changed", position: position)
        }
        guard !parts.isEmpty else {
            values[name] = nil
            return
        }
        let value = try SessionSettings.checked(definition, parts, at: position)
        values[name] = name == "search_path" ? SessionSettings.pathText(parts) : value
    }

    /// As SHOW prints it: names that are no plain words are in quotes, which `$user` is not of.
    private static func pathText(_ parts: [SetStatement.Value]) -> String {
        parts.map { part in
            let text = part.text
            let isPlain = text.utf8.allSatisfy { byte in
                UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
                    || byte == UInt8(ascii: "_") || byte >= 0x80
            }
            return isPlain && !text.isEmpty ? text : "\"\(text)\""
        }.joined(separator: ", ")
    }

    mutating func reset(_ name: String) throws(SQLError) {
        if !SessionSettings.isContextVariable(name) { _ = try SessionSettings.definition(name, at: nil) }
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
        case .timeZone:
            if folded == "default" || folded == "local" { return definition.standard }
            guard let zone = DateTimeContext.system.zone(named: text) else {
                throw invalid("unrecognized time zone name: \"\(text)\"", position)
            }
            return zone.name
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
        case .milliseconds: return String(try milliseconds(text, definition, position))
        case .words(let accepted):
            guard accepted.contains(folded) else {
                throw invalid("invalid value for parameter \"\(definition.name)\": \"\(text)\"", position)
            }
            return folded
        case .only(let accepted):
            guard accepted.contains(folded) else {
                throw SQLError.unsupported("SET \(definition.name) TO \(text)", at: position)
            }
            return definition.standard
        }
    }

    /// - Source: PostgreSQL, "Parameter interaction via the configuration file", units.
    private static func milliseconds(
        _ text: String, _ definition: Definition, _ position: Int?
    ) throws(SQLError) -> Int64 {
        let units: [(name: String, factor: Int64)] = [
            ("ms", 1), ("min", 60_000), ("s", 1_000), ("h", 3_600_000), ("d", 86_400_000), ("", 1),
        ]
        let folded = text.lowercased()
        guard let unit = units.first(where: { folded.hasSuffix($0.name) }) else {
            throw SQLError.internalError("a text that does not end in nothing")
        }
        let digits = folded.dropLast(unit.name.utf8.count)
        guard let number = Int64(digits.last == " " ? digits.dropLast() : digits) else {
            throw SQLError(
                .invalidParameterValue, "invalid value for parameter \"\(definition.name)\": \"\(text)\"",
                hint: "Valid units for this parameter are \"ms\", \"s\", \"min\", \"h\", and \"d\".",
                position: position)
        }
        let (value, overflow) = number.multipliedReportingOverflow(by: unit.factor)
        guard !overflow, 0...Int64(Int32.max) ~= value else {
            throw invalid(
                "\(text) is outside the valid range for parameter \"\(definition.name)\" (0 .. \(Int32.max))", position)
        }
        return value
    }

    private static func invalid(_ message: String, _ position: Int?) -> SQLError {
        SQLError(.invalidParameterValue, message, position: position)
    }

    /// Schemas to look names up in, `schemas` being those that there are: one that is missing is skipped, as `$user`
    /// mostly is. `pg_temp` stands for the session's own.
    func searchPath(user: String, temporarySchema: String, schemas: Set<String>) -> [String] {
        let text = self["search_path"] ?? "public"
        return text.split(separator: ",").compactMap { part in
            var name = part.drop { $0 == " " }
            while name.last == " " { name.removeLast() }
            if name.count >= 2, let first = name.first, first == name.last, first == "\"" || first == "'" {
                name = name.dropFirst().dropLast()
            }
            let schema = name == "$user" ? user : name == "pg_temp" ? temporarySchema : name.lowercased()
            return schemas.contains(schema) ? schema : nil
        }
    }

    func isOn(_ name: String) -> Bool { self[name] == "on" }

    /// What texts of dates and times mean, and how moments are shown.
    func dateTime(transactionStart: Int64) -> DateTimeContext {
        var context = DateTimeContext.system
        if let zone = self["timezone"].flatMap({ context.zone(named: $0) }) { context.zone = zone }
        context.transactionStart = transactionStart
        return context
    }

    /// Milliseconds; 0: none.
    var statementTimeoutMs: Int64 { number("statement_timeout") }
    var idleTimeoutMs: Int64 { number("idle_session_timeout") }
    var idleInTransactionTimeoutMs: Int64 { number("idle_in_transaction_session_timeout") }
    var extraFloatDigits: Int { Int(number("extra_float_digits")) }

    private func number(_ name: String) -> Int64 { self[name].flatMap { Int64($0) } ?? 0 }

    /// Whether the client wants to hear of it.
    func shows(_ notice: Notice) -> Bool {
        guard notice.severity != .info, let level = self["client_min_messages"] else { return true }
        let wanted = SessionSettings.messageLevels.firstIndex(of: level) ?? 0
        let own = SessionSettings.messageLevels.firstIndex(of: notice.severity.rawValue.lowercased()) ?? 0
        return own >= wanted
    }

    /// All parameters by name, for SHOW ALL.
    var all: [(name: String, value: String)] {
        SessionSettings.definitions.map { ($0.name, values[$0.name] ?? initial[$0.name] ?? $0.standard) }
    }
}

extension DateTimeContext {
    /// By name or abbreviation, or in a POSIX form; any case.
    func zone(named name: String) -> SessionTimeZone? {
        SessionTimeZone(dataFreeName: name) ?? namedZone?(name.lowercased())
    }
}
