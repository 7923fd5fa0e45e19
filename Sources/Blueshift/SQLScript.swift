import SQLSyntax
public import SQLTypes

/// Cuts a script into statements, at semicolons that stand in no quote, comment or parenthesis: what a shell or a loader of
/// `.sql` files runs one after the other. The statements themselves are checked only when they run.
///
/// ```swift
/// var script = SQLScript()
/// for chunk in chunks {
///     for statement in try script.append(chunk) { try await session.execute(statement) }
/// }
/// for statement in try script.finish() { … }
/// ```
public struct SQLScript: Sendable {
    private var splitter = StatementSplitter()

    /// An empty script.
    public init() {}

    /// The statements of a whole text, without their semicolons; blanks and comments alone are none.
    public static func statements(in text: String) -> [String] {
        var splitter = StatementSplitter()
        return (splitter.append(Array(text.utf8)) + splitter.finish()).map { bytes in
            String(decoding: withoutLeadingBlanks(bytes), as: UTF8.self)
        }
    }

    /// Takes the next bytes (UTF-8, cut anywhere) and gives the statements that they complete.
    /// - Throws: `SQLError` 22021 if one of them is not UTF-8; then none of these is given, and the script goes on behind
    ///   them.
    public mutating func append(_ bytes: [UInt8]) throws(SQLError) -> [String] {
        try SQLScript.texts(splitter.append(bytes))
    }

    /// The last statement, which may lack its semicolon. The script is empty afterwards.
    /// - Throws: `SQLError` 22021 if it is not UTF-8.
    public mutating func finish() throws(SQLError) -> [String] {
        try SQLScript.texts(splitter.finish())
    }

    /// Blanks before a statement are not its own: an error's line and position count from its first word or comment.
    private static func withoutLeadingBlanks(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
        bytes.drop { $0 == 0x20 || (0x09...0x0D).contains($0) }
    }

    private static func texts(_ statements: [[UInt8]]) throws(SQLError) -> [String] {
        var texts: [String] = []
        for statement in statements {
            let bytes = withoutLeadingBlanks(statement)
            guard let text = String(validating: bytes, as: UTF8.self) else {
                // The parser names the byte and its place.
                _ = try parseStatements(utf8: Array(bytes))
                throw SQLError(.characterNotInRepertoire, "invalid byte sequence for encoding \"UTF8\"")
            }
            texts.append(text)
        }
        return texts
    }

    /// True while a statement has begun that no semicolon has ended: a shell shows another prompt then.
    public var isInsideStatement: Bool { splitter.isInsideStatement }
}
