import Ingest
import Synchronization

/// How far a running COPY is, summed over its slices.
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

    private let figures: Mutex<Figures>
    private let onChange: (@Sendable (Figures) -> Void)?

    /// - Parameter onChange: called on the slices' threads, about once for each batch: must be quick.
    init(table: String, fileCount: Int, storedBytes: Int, onChange: (@Sendable (Figures) -> Void)?) {
        figures = Mutex(Figures(table: table, storedBytesTotal: Int64(storedBytes), filesTotal: fileCount))
        self.onChange = onChange
    }

    /// `now` and `before` are one slice's figures.
    func add(_ now: CopyProgress, since before: CopyProgress) {
        let sum = figures.withLock { figures in
            figures.rows += now.records - before.records
            figures.storedBytes += now.storedBytes - before.storedBytes
            figures.textBytes += now.textBytes - before.textBytes
            figures.filesDone += now.filesDone - before.filesDone
            return figures
        }
        onChange?(sum)
    }
}
