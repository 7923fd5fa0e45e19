import Testing

@testable import BlueshiftCLI

/// Typed bytes on one side, the line with its cursor (`|`) on the other.
@Suite struct LineEditorTests {
    private func type(_ bytes: String, history: [String] = []) -> LineEditor {
        var past = History(file: nil)
        for entry in history { past.add(entry) }
        var editor = LineEditor(history: past)
        for byte in bytes.utf8 { _ = editor.feed(byte) }
        return editor
    }

    private func shown(_ editor: LineEditor) -> String {
        var text = editor.line.map { Character($0) }
        text.insert("|", at: editor.cursor)
        return String(text)
    }

    @Test(arguments: [
        ("select 1", "select 1|"),
        ("select 1\u{1B}[D\u{1B}[D", "select| 1"),
        ("abc\u{1}X", "X|abc"),
        ("abc\u{1}\u{5}X", "abcX|"),
        ("abc\u{7F}\u{7F}", "a|"),
        ("abc\u{1B}[D\u{1B}[3~", "ab|"),
        ("one two three\u{17}", "one two |"),
        ("one two\u{1B}b\u{B}", "one |"),
        ("one two\u{15}x", "x|"),
        ("one two\u{17}\u{1}\u{19}", "two|one "),
        ("ab\u{14}", "ba|"),
        ("naïve €\u{7F}", "naïve |"),
        ("a\u{1B}[Hb\u{1B}[Fc", "bac|"),
        ("a\u{1B}[5~b", "ab|"),
    ])
    func editing(typed: String, expected: String) {
        #expect(shown(type(typed)) == expected)
    }

    @Test func historyGoesBackAndForth() {
        let past = ["first", "second"]
        #expect(shown(type("\u{1B}[A", history: past)) == "second|")
        #expect(shown(type("\u{1B}[A\u{1B}[A\u{1B}[A", history: past)) == "first|")
        #expect(shown(type("new\u{1B}[A\u{1B}[B", history: past)) == "new|")
    }

    @Test func reverseSearchFindsOlderAndOlder() {
        let past = ["select a", "drop b", "select c"]
        #expect(type("\u{12}sel", history: past).text == "select c")
        #expect(type("\u{12}sel\u{12}", history: past).text == "select a")
        #expect(type("\u{12}sel\u{12}\u{12}", history: past).text == "select a")
    }

    @Test func enterSubmitsAndControlKeysEnd() {
        var editor = type("select 1")
        #expect(editor.feed(0x0D) == [.submit("select 1")])
        #expect(editor.text.isEmpty)
        #expect(editor.feed(0x03) == [.interrupt])
        #expect(editor.feed(0x04) == [.endOfInput])
    }

    @Test func controlDInsideALineDeletes() {
        #expect(shown(type("abc\u{1}\u{4}")) == "|bc")
    }
}
