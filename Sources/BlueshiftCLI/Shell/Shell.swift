import Blueshift
import FoundationEssentials

/// The prompt: collects lines until a statement is complete, runs it, keeps the history.
///
/// While a line is typed the terminal is raw and Ctrl-C drops the line; while a statement runs it is cooked and Ctrl-C
/// cancels the statement. Without a terminal (a pipe) lines are read as they are, without prompts.
final class Shell {
    private let runner: StatementRunner
    private let terminal = Terminal()
    private var editor: LineEditor
    private var script = SQLScript()

    init(runner: StatementRunner) {
        self.runner = runner
        editor = LineEditor(history: History(file: Shell.historyFile))
    }

    private static var historyFile: String? {
        guard let home = ProcessInfo.processInfo.environment["HOME"] else { return nil }
        return home + "/.blueshift_history"
    }

    func run() async {
        if let terminal {
            await runInteractively(terminal)
        } else {
            await runPiped()
        }
    }

    private func runPiped() async {
        var line: [UInt8] = []
        for await chunk in standardInputChunks() {
            for byte in chunk {
                line.append(byte)
                if byte == 0x0A {
                    if await !take(Array(line.dropLast())) { return }
                    line = []
                }
            }
        }
        if await take(line) { await run { () throws(SQLError) in try script.finish() } }
    }

    private func runInteractively(_ terminal: Terminal) async {
        runner.output.line("Blueshift, \(runner.cluster.summary). \\? for help, \\q to quit.")
        let screen = PromptScreen(output: runner.output, terminal: terminal)
        let interrupt = InterruptHandler { [session = runner.session] in session.cancel() }
        defer { interrupt.stop() }
        terminal.enterRawMode()
        defer { terminal.leaveRawMode() }
        screen.show(editor, prompt: prompt)
        for await chunk in standardInputChunks() {
            for byte in chunk {
                for action in editor.feed(byte) {
                    if await !perform(action, screen, terminal) { return }
                }
            }
        }
    }

    /// False to quit.
    private func perform(_ action: LineEditor.Action, _ screen: PromptScreen, _ terminal: Terminal) async -> Bool {
        switch action {
        case .redraw: break
        case .bell: screen.bell()
        case .clearScreen: screen.clear()
        case .endOfInput:
            screen.leaveLine()
            return false
        case .interrupt:
            screen.leaveLine()
            script = SQLScript()
        case .submit(let line):
            screen.leaveLine()
            terminal.leaveRawMode()
            let goesOn = await take(Array(line.utf8))
            remember()
            terminal.enterRawMode()
            if !goesOn { return false }
        }
        screen.show(editor, prompt: prompt)
        return true
    }

    private var entry = ""

    /// One line as typed: a command of the shell's own, or a part of a statement. False to quit.
    private func take(_ bytes: [UInt8]) async -> Bool {
        let line = String(decoding: bytes, as: UTF8.self)
        if !script.isInsideStatement, let command = MetaCommand(line) {
            entry = line
            return await command.run(on: runner) { [self] in await run($0) }
        }
        entry += entry.isEmpty ? line : "\n" + line
        await run { () throws(SQLError) in try script.append(bytes + [0x0A]) }
        return true
    }

    /// Runs what the script gives; bytes that are no text are an error like that of a statement.
    private func run(_ statements: () throws(SQLError) -> [String]) async {
        do throws(SQLError) {
            await run(try statements())
        } catch {
            printToStandardError(errorReport(error, statement: ""))
        }
    }

    private func remember() {
        guard !script.isInsideStatement else { return }
        editor.history.add(entry)
        entry = ""
        do {
            try editor.history.save()
        } catch {
            printToStandardError("history not saved: \(error)")
        }
    }

    private func run(_ statements: [String]) async {
        for statement in statements { _ = await runner.run(statement) }
    }

    private var prompt: String {
        if let search = editor.search { return "(reverse-i-search)`\(search.pattern)': " }
        return script.isInsideStatement ? "dev-# " : "dev=# "
    }
}
