import Catalog
import Ingest
import QueryPlan
import SQLSyntax
import SQLTypes

// What COPY and UNLOAD log.

/// A COPY as its events tell of it.
struct LoadDescription: Sendable {
    var source: EventSource
    var table: TableID
    var tableName: String
    var dataSource: String
    var options: CopyOptions
    var assignment: CopyAssignment
    /// Of the leader, before the slices began: listings and manifests.
    var requests: [ObjectRequest]
    var startTime: Int64

    /// As far as it is known before anything was read.
    var event: LoadEvent {
        LoadEvent(
            source: source, table: table, tableName: tableName, startTime: startTime, endTime: startTime,
            isCompleted: false, dataSource: dataSource, format: options.format.sysName, rows: 0, bytes: 0,
            fileCount: Int64(Set(assignment.parts.joined().map(\.object.address)).count),
            fileBytes: Int64(assignment.storedBytes), filesScanned: 0, bytesScanned: 0, errors: 0)
    }
}

extension DatabaseSession {
    /// What the slices have read and replaced, and the COPY itself.
    func log(_ load: LoadDescription, _ reports: [LoadReport], isCompleted: Bool) {
        var event = load.event
        event.endTime = Platform.timestampNow
        event.isCompleted = isCompleted
        event.rows = isCompleted ? reports.reduce(0) { $0 + $1.progress.records } : 0
        event.bytes = reports.reduce(0) { $0 + $1.progress.textBytes }
        // A file that was refused before anything of it was counted has not been scanned.
        event.filesScanned = Int64(Set(reports.flatMap(\.files).filter { $0.storedBytes > 0 }.map(\.address)).count)
        event.bytesScanned = reports.reduce(0) { $0 + $1.files.reduce(0) { $0 + $1.storedBytes } }
        event.errors = reports.reduce(0) { $0 + $1.progress.rejectedRecords }
        leader.events.add(event)
        for report in reports {
            leader.events.add(
                report.files.map {
                    LoadedFileEvent($0, load.source, slice: report.slice, format: load.options.format.stlName)
                })
            leader.events.add(
                report.files.filter { !$0.address.isLocal }.map {
                    ObjectRequestEvent($0, load.source, slice: report.slice)
                })
            leader.events.add(
                report.replaced.map {
                    ReplacementEvent(
                        source: load.source, slice: report.slice, table: load.table, startTime: load.startTime,
                        file: $0.file, line: $0.lineNumber, column: $0.columnName, rawLine: $0.rawLine)
                })
        }
    }

    func log(_ requests: [ObjectRequest], _ source: EventSource) {
        leader.events.add(
            requests.filter { !$0.bucket.isEmpty }.map { request in
                ObjectRequestEvent(
                    source: source, slice: SliceTrace.leaderSlice, method: request.method, bucket: request.bucket,
                    key: request.key, transferBytes: request.bytes, dataBytes: request.bytes,
                    startTime: request.startTime, endTime: request.endTime,
                    transferTime: request.endTime - request.startTime, error: request.error)
            })
    }

    /// - Parameter error: why it failed; nil: it did not.
    func log(
        unloadTo destination: UnloadDestination, _ reports: [UnloadReport], _ source: EventSource, startTime: Int64,
        error: SQLError?
    ) {
        let objects = error == nil ? reports.flatMap(\.objects) : []
        leader.events.add(
            UnloadEvent(
                source: source, startTime: startTime, endTime: Platform.timestampNow,
                format: destination.options.format.stlName, compression: destination.options.compression?.name ?? "",
                location: destination.prefix.description, rows: objects.reduce(0) { $0 + $1.rowCount },
                files: Int64(objects.count), bytes: objects.reduce(0) { $0 + Int64($1.byteCount) },
                error: error?.message ?? ""))
        guard error == nil else { return }
        for report in reports {
            leader.events.add(
                report.objects.map {
                    UnloadedFileEvent(
                        source: source, slice: report.slice, path: $0.address.description, startTime: $0.startTime,
                        endTime: $0.endTime, lines: $0.rowCount, bytes: Int64($0.byteCount),
                        format: destination.options.format.stlName)
                })
            leader.events.add(
                report.objects.filter { !$0.address.isLocal }.map {
                    ObjectRequestEvent(
                        source: source, slice: report.slice, method: "PUT", bucket: $0.address.bucket,
                        key: $0.address.key, transferBytes: Int64($0.byteCount), dataBytes: $0.textBytes,
                        startTime: $0.startTime, endTime: $0.endTime, transferTime: $0.transferTime,
                        compressionTime: $0.deflateTime)
                })
        }
    }
}

extension LoadedFileEvent {
    fileprivate init(_ file: LoadedFile, _ source: EventSource, slice: Int, format: String) {
        self.init(
            source: source, slice: slice, file: file.address.description, lines: file.lines,
            storedBytes: file.storedBytes, textBytes: file.textBytes, errors: file.errors, startTime: file.startTime,
            endTime: file.endTime, isPartial: file.isPartial, startOffset: file.startOffset,
            isComplete: file.isComplete, format: format)
    }
}

extension ObjectRequestEvent {
    fileprivate init(_ file: LoadedFile, _ source: EventSource, slice: Int) {
        self.init(
            source: source, slice: slice, method: "GET", bucket: file.address.bucket, key: file.address.key,
            transferBytes: file.storedBytes, dataBytes: file.textBytes, startTime: file.startTime,
            endTime: file.endTime, transferTime: file.transferTime, compressionTime: file.inflateTime,
            isPartial: file.isPartial, startOffset: file.startOffset, error: file.storeError)
    }
}

extension CopyOptions.Format {
    /// As SYS_LOAD_HISTORY has it.
    fileprivate var sysName: String {
        switch self {
        case .delimited, .fixedWidth: "txt"
        case .csv: "csv"
        case .json: "json"
        case .avro: "avro"
        case .parquet: "parquet"
        case .orc: "orc"
        case .shapefile: "shapefile"
        }
    }

    /// As STL_LOAD_COMMITS has it.
    fileprivate var stlName: String {
        switch self {
        case .delimited, .fixedWidth, .csv, .shapefile: "Text"
        case .json: "JSON"
        case .avro: "Avro"
        case .parquet: "Parquet"
        case .orc: "ORC"
        }
    }
}

extension UnloadOptions.Format {
    fileprivate var stlName: String {
        switch self {
        case .delimited, .fixedWidth: "Text"
        case .csv: "CSV"
        }
    }
}

extension CopyOptions.Compression {
    fileprivate var name: String {
        switch self {
        case .gzip: "gzip"
        case .bzip2: "bzip2"
        case .lzop: "lzop"
        case .zstd: "zstd"
        }
    }
}
