import Blueshift

/// Runs the statements of a file in order and notes what its assertions find. A failed assertion ends nothing; another
/// statement that fails ends the file, since what follows would be asserted of something else.
struct CheckRunner {
    struct Script {
        var path: String
        var text: String
    }

    /// Run before each file, on its session.
    var setup: [Script] = []

    func run(_ script: Script, on session: Session) async -> CheckedFile {
        var file = CheckedFile(path: script.path)
        for setup in setup {
            let done = await statements(of: setup, on: session)
            file.assertions += done.assertions
            if var failure = done.failure {
                failure.path = setup.path
                file.failure = failure
                return file
            }
        }
        let done = await statements(of: script, on: session)
        file.assertions += done.assertions
        file.failure = done.failure
        return file
    }

    private func statements(of script: Script, on session: Session) async -> CheckedFile {
        var file = CheckedFile(path: script.path)
        for statement in SQLScript.located(in: script.text) {
            if statement.isAssertion {
                file.assertions.append(await check(statement, on: session))
                continue
            }
            do throws(SQLError) {
                _ = try await session.execute(statement.text).collect()
            } catch {
                file.failure = CheckedFile.FileFailure(
                    line: statement.line(of: error), error: error, statement: statement.text)
                return file
            }
        }
        return file
    }

    private func check(_ statement: SQLScript.Statement, on session: Session) async -> CheckedAssertion {
        let start = ContinuousClock.now
        var assertion = CheckedAssertion(
            line: statement.line, name: statement.onOneLine, outcome: .passed, message: "", seconds: 0)
        do throws(SQLError) {
            _ = try await session.execute(statement.text).collect()
            let report = await session.lastAssertion
            assertion.message = report?.findings.map(\.message).joined(separator: "; ") ?? ""
        } catch {
            assertion.outcome = error.state == .assertFailure ? .failed : .broken
            if assertion.outcome == .broken { assertion.line = statement.line(of: error) }
            assertion.message = error.message
            assertion.detail = error.detail
            assertion.hint = error.hint
        }
        let elapsed = (ContinuousClock.now - start).components
        assertion.seconds = Double(elapsed.seconds) + Double(elapsed.attoseconds) / 1e18
        return assertion
    }
}

extension SQLScript.Statement {
    var isAssertion: Bool {
        text.count > 6 && text.prefix(6).lowercased() == "assert"
            && !(text.dropFirst(6).first?.isNameCharacter ?? false)
    }

    /// The line that an error points to.
    func line(of error: SQLError) -> Int {
        guard let position = error.position else { return line }
        return line + text.unicodeScalars.prefix(max(0, position - 1)).count { $0 == "\n" }
    }

    /// Without line breaks and repeated blanks.
    var onOneLine: String { text.split(whereSeparator: \.isWhitespace).joined(separator: " ") }
}

extension Character {
    fileprivate var isNameCharacter: Bool { isLetter || isNumber || self == "_" || self == "$" }
}
