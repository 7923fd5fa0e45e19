import QueryPlan
import SQLTypes

extension SystemView {
    /// COPYs that are parsing files, and how far each slice is. - Source: Redshift developer guide, "STV_LOAD_STATE".
    static let stvLoadState = SystemView(
        "stv_load_state",
        [
            .int("userid"), .int("session"), .int("query"), .int("slice"), .int("pid"), .time("recordtime"),
            .big("bytes_to_load"), .big("bytes_loaded"), .big("bytes_to_load_compressed"),
            .big("bytes_loaded_compressed"), .int("lines"), .int("num_files"), .int("num_files_complete"),
            .char("current_file", 256), .int("pct_complete"),
        ]
    ) { state in
        let live = state.live()
        return live.loads.flatMap { load in
            load.slices.map { slice -> [SQLValue] in
                let percent = slice.storedBytes == 0 ? 100 : 100 * slice.storedBytesRead / slice.storedBytes
                return [
                    load.event.source.userValue, .int(load.event.source.session), load.event.source.queryValue,
                    .int(slice.slice), .int(load.event.source.session), .timestamp(live.now),
                    .int(load.isCompressed ? 0 : slice.storedBytes), .int(slice.textBytesRead),
                    .int(load.isCompressed ? slice.storedBytes : 0),
                    .int(load.isCompressed ? slice.storedBytesRead : 0), .clamped(slice.lines),
                    .int(slice.files), .int(slice.filesDone), .text(slice.currentFile, max: 256),
                    .clamped(min(100, percent)),
                ]
            }
        }
    }
}
