import Ingest
import Synchronization

/// How far a running COPY is: each slice's figures, and their sum.
package final class LoadMeter: Sendable {
    /// Figures of all slices together.
    package struct Figures: Hashable, Sendable {
        package var table = ""
        package var rows: Int64 = 0
        /// As stored: compressed, if the files are.
        package var storedBytes: Int64 = 0
        package var storedBytesTotal: Int64 = 0
        package var textBytes: Int64 = 0
        package var filesDone = 0
        package var filesTotal = 0
    }

    /// One slice's part.
    struct Slice: Hashable, Sendable {
        var progress = CopyProgress()
        /// The part that is being read, by its place in the slice's hand; nil: none.
        var part: Int?
    }

    private struct State {
        var figures: Figures
        var slices: [Int: Slice] = [:]
    }

    private let state: Mutex<State>
    private let onChange: (@Sendable (Figures) -> Void)?

    /// - Parameter onChange: called on the slices' threads, about once for each batch: must be quick.
    init(table: String, fileCount: Int, storedBytes: Int, onChange: (@Sendable (Figures) -> Void)?) {
        state = Mutex(
            State(figures: Figures(table: table, storedBytesTotal: Int64(storedBytes), filesTotal: fileCount)))
        self.onChange = onChange
    }

    /// - Parameter slice: its number in the cluster.
    func note(_ now: CopyProgress, part: Int?, ofSlice slice: Int) {
        let sum = state.withLock { state in
            let before = state.slices[slice]?.progress ?? CopyProgress()
            state.slices[slice] = Slice(progress: now, part: part)
            state.figures.rows += now.records - before.records
            state.figures.storedBytes += now.storedBytes - before.storedBytes
            state.figures.textBytes += now.textBytes - before.textBytes
            state.figures.filesDone += now.filesDone - before.filesDone
            return state.figures
        }
        onChange?(sum)
    }

    var figures: Figures { state.withLock { $0.figures } }
    /// By slice; those that have not begun are missing.
    var slices: [Int: Slice] { state.withLock { $0.slices } }
}
