import Blueshift
import Synchronization

/// COPY's progress on one line of standard error, redrawn at most ten times a second:
///
///     COPY sales  ████████████░░░░░░░░  60 %  5 of 8 files  103,472 rows
final class ProgressBar: Sendable {
    private struct State {
        var lastShown: ContinuousClock.Instant?
        var isVisible = false
    }
    private let state = Mutex(State())
    private static let cells = 24

    func show(_ progress: LoadProgress) {
        state.withLock { state in
            let now = ContinuousClock.now
            let isDue = state.lastShown.map { now - $0 > .milliseconds(100) } ?? true
            guard isDue || progress.isFinished else { return }
            state.lastShown = now
            state.isVisible = true
            let share = progress.bytesTotal > 0 ? Double(progress.bytesRead) / Double(progress.bytesTotal) : 1
            let filled = min(ProgressBar.cells, Int(share * Double(ProgressBar.cells)))
            let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: ProgressBar.cells - filled)
            let files = "\(progress.filesDone) of \(progress.filesTotal) files"
            draw("COPY \(progress.table)  \(bar)  \(Int(share * 100)) %  \(files)  \(countText(progress.rows)) rows")
        }
    }

    /// Takes the line away before something else is printed.
    func clear() {
        state.withLock { state in
            if state.isVisible { draw("") }
            state.isVisible = false
        }
    }

    private func draw(_ text: String) {
        let output = BufferedOutput(descriptor: 2)
        output.write("\r\u{1B}[K" + text)
        output.flush()
    }
}
