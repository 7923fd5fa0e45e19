import SQLSyntax
import SQLTypes

/// DEFAULT expressions as the catalog keeps them: text that the parser reads back.
enum DefaultText {
    static func print(_ expression: SQLSyntax.Expression) -> String { Printer.print(expression) }

    static func parse(_ text: String) throws(SQLError) -> SQLSyntax.Expression { try parseExpression(text) }
}
