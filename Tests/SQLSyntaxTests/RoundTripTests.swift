import SQLSyntax
import SQLTypes
import Testing

@Suite struct RoundTripTests {
    @Test(arguments: canonicalExpressions)
    func canonicalExpressionIsPrintedAsWritten(text: String) throws {
        #expect(Printer.print(try parseExpression(text)) == text)
    }

    @Test(arguments: canonicalExpressions + expressionSpellings.map(\.written))
    func expressionSurvivesPrinting(text: String) throws {
        let tree = try parseExpression(text)
        let printed = Printer.print(tree)
        #expect(try parseExpression(printed) == tree, "\(text) was printed as \(printed)")
    }

    @Test(arguments: expressionSpellings)
    func spellingsMeanTheSame(written: String, canonical: String) throws {
        #expect(Printer.print(try parseExpression(written)) == canonical)
    }

    @Test(arguments: tpchQueries + queryCorpus + tableCorpus + dataCorpus + sessionCorpus + accessCorpus)
    func statementSurvivesPrinting(text: String) throws {
        let tree = try parseStatement(text).statement
        let printed = Printer.print(tree)
        do {
            #expect(try parseStatement(printed).statement == tree, "\(text) was printed as \(printed)")
        } catch {
            Issue.record("\(text) was printed as \(printed): \(error)")
        }
    }

    /// Without this a printer that loses something on both ways would go unnoticed.
    @Test func corpusTreesDiffer() throws {
        var printed: [Statement: String] = [:]
        for text in tpchQueries {
            let tree = try parseStatement(text).statement
            #expect(printed.updateValue(text, forKey: tree) == nil)
        }
        #expect(printed.count == 22)
    }
}
