import Blueshift

/// What `check` found in one file.
struct CheckedFile {
    var path: String
    /// In the order of the file.
    var assertions: [CheckedAssertion] = []
    /// The statement, not an assertion, that ended the file early; nil: all of it ran.
    var failure: FileFailure?

    struct FileFailure {
        /// Of the place that the error points to, from 1.
        var line: Int
        var error: SQLError
        /// The statement's text, which the error's position counts in; empty if there is none.
        var statement = ""
        /// Where it stands, if that is another file: a script of `--setup`.
        var path: String?
    }
}

/// One ASSERT statement of a file.
struct CheckedAssertion {
    enum Outcome {
        case passed
        /// P0004: it ran, and something that it claims does not hold.
        case failed
        /// It could not be carried out: a table that is not there, a mistake in the statement.
        case broken
    }

    var line: Int
    /// The statement on one line.
    var name: String
    var outcome: Outcome
    /// What was measured, in a sentence; of one that failed, what is wrong.
    var message: String
    var detail: String?
    var hint: String?
    var seconds: Double
}

/// All files of a run.
struct CheckResults {
    var files: [CheckedFile]
    var seconds: Double

    var assertions: [CheckedAssertion] { files.flatMap(\.assertions) }

    func count(_ outcome: CheckedAssertion.Outcome) -> Int { assertions.count { $0.outcome == outcome } }

    var unfinished: Int { files.count { $0.failure != nil } }

    /// 0: all assertions passed; 1: one failed; 2: a file or an assertion could not be run, or there was none.
    var exitCode: Int32 {
        if unfinished > 0 || count(.broken) > 0 || assertions.isEmpty { return 2 }
        return count(.failed) > 0 ? 1 : 0
    }
}
