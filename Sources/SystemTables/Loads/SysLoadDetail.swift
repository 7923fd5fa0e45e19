import QueryPlan
import SQLTypes

extension SystemView {
    /// Files of COPYs, ranges of one put together. - Source: Redshift developer guide, "SYS_LOAD_DETAIL".
    static let sysLoadDetail = SystemView(
        "sys_load_detail",
        [
            .int("user_id"), .int("query_id"), .char("file_name", 256), .int("bytes_scanned"),
            .int("lines_scanned"), .time("record_time"), .int("splits_scanned"), .time("start_time"),
            .time("end_time"),
        ]
    ) { state in
        var files: [LoadedFileEvent] = []
        var splits: [Int64] = []
        var places: [FileOfQuery: Int] = [:]
        for part in state.events().loadedFiles {
            let key = FileOfQuery(query: part.source.query, file: part.file)
            guard let place = places[key] else {
                places[key] = files.count
                files.append(part)
                splits.append(1)
                continue
            }
            files[place].storedBytes += part.storedBytes
            files[place].lines += part.lines
            files[place].startTime = min(files[place].startTime, part.startTime)
            files[place].endTime = max(files[place].endTime, part.endTime)
            splits[place] += 1
        }
        return zip(files, splits).map { file, splits in
            [
                file.source.userValue, file.source.queryValue, .text(file.file, max: 256),
                .clamped(file.storedBytes), .clamped(file.lines), .timestamp(file.endTime), .clamped(splits),
                .timestamp(file.startTime), .timestamp(file.endTime),
            ]
        }
    }

    private struct FileOfQuery: Hashable {
        var query: Int64
        var file: String
    }
}
