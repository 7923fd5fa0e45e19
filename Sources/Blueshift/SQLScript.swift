import SQLSyntax

/// Cuts a script into statements, at semicolons that stand in no quote, comment or parenthesis: what a shell or a loader of
/// `.sql` files runs one after the other. The statements themselves are checked only when they run.
///
/// ```swift
/// var script = SQLScript()
/// for chunk in chunks {
///     for statement in script.append(chunk) { try await session.execute(statement) }
/// }
/// for statement in script.finish() { … }
/// ```
public struct SQLScript: Sendable {
    private var splitter = StatementSplitter()

    /// An empty script.
    public init() {}

    /// The statements of a whole text, without their semicolons; blanks and comments alone are none.
    public static func statements(in text: String) -> [String] {
        var script = SQLScript()
        return script.append(Array(text.utf8)) + script.finish()
    }

    /// Takes the next bytes (UTF-8, cut anywhere) and gives the statements that they complete.
    public mutating func append(_ bytes: [UInt8]) -> [String] {
        splitter.append(bytes).map(SQLScript.text)
    }

    /// The last statement, which may lack its semicolon. The script is empty afterwards.
    public mutating func finish() -> [String] {
        splitter.finish().map(SQLScript.text)
    }

    /// Blanks before a statement are not its own: an error's line and position count from its first word or comment.
    private static func text(_ bytes: [UInt8]) -> String {
        String(decoding: bytes.drop { $0 == 0x20 || (0x09...0x0D).contains($0) }, as: UTF8.self)
    }

    /// True while a statement has begun that no semicolon has ended: a shell shows another prompt then.
    public var isInsideStatement: Bool { splitter.isInsideStatement }
}
