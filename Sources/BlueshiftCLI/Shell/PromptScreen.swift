/// Draws prompt and line where the cursor is, over as many screen lines as they need, and knows how many those were.
final class PromptScreen {
    private let output: BufferedOutput
    private let terminal: Terminal
    /// Screen lines from the prompt's first to the cursor's at the last drawing.
    private var cursorRow = 0
    private var lastRow = 0

    init(output: BufferedOutput, terminal: Terminal) {
        self.output = output
        self.terminal = terminal
    }

    func show(_ editor: LineEditor, prompt: String) {
        let width = terminal.width
        let head = prompt.unicodeScalars.reduce(0) { $0 + displayWidth($1) }
        let beforeCursor = editor.line[..<editor.cursor].reduce(head) { $0 + displayWidth($1) }
        let whole = editor.line[editor.cursor...].reduce(beforeCursor) { $0 + displayWidth($1) }

        if cursorRow > 0 { output.write("\u{1B}[\(cursorRow)A") }
        output.write("\r\u{1B}[J" + prompt + editor.text)
        // A terminal keeps the cursor in the last column until the next character: go to the next line ourselves.
        if whole > 0 && whole % width == 0 { output.write("\r\n") }
        lastRow = whole / width
        cursorRow = beforeCursor / width
        if lastRow > cursorRow { output.write("\u{1B}[\(lastRow - cursorRow)A") }
        output.write("\r")
        if beforeCursor % width > 0 { output.write("\u{1B}[\(beforeCursor % width)C") }
        output.flush()
    }

    /// Goes below the line, for what is printed next.
    func leaveLine() {
        if lastRow > cursorRow { output.write("\u{1B}[\(lastRow - cursorRow)B") }
        output.write("\r\n")
        output.flush()
        cursorRow = 0
        lastRow = 0
    }

    func clear() {
        output.write("\u{1B}[H\u{1B}[2J")
        cursorRow = 0
        lastRow = 0
    }

    func bell() { output.write("\u{7}") }
}
