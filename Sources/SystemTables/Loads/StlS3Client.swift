import QueryPlan
import SQLTypes

extension SystemView {
    /// Uses of objects: listings, files read and written. What has no counterpart in a store that is a directory, such as
    /// connecting and request numbers, is 0 or blank.
    /// - Source: Redshift developer guide, "STL_S3CLIENT".
    static let stlS3Client = SystemView(
        "stl_s3client",
        [
            .int("userid"), .int("query"), .int("slice"), .time("recordtime"), .int("pid"), .char("http_method", 64),
            .char("bucket", 64), .char("key", 256), .big("transfer_size"), .big("data_size"), .big("start_time"),
            .big("end_time"), .big("transfer_time"), .big("compression_time"), .big("connect_time"),
            .big("app_connect_time"), .big("retries"), .char("request_id", 32), .char("extended_request_id", 128),
            .char("ip_address", 64), .int("is_partial"), .big("start_offset"), .char("query_uuid", 36),
        ]
    ) { state in
        state.events().objectRequests.map { request in
            let place: [SQLValue] = [
                request.source.userValue, request.source.queryValue, .int(request.slice),
                .timestamp(request.endTime), .int(request.source.session), .text(request.method, max: 64),
                .text(request.bucket, max: 64), .text(request.key, max: 256),
            ]
            return place + [
                .int(request.transferBytes), .int(request.dataBytes), .int(request.startTime), .int(request.endTime),
                .int(request.transferTime), .int(request.compressionTime), .int(0), .int(0), .int(0), .text(""),
                .text(""), .text(""), .bit(request.isPartial), .int(request.startOffset),
                UniqueName.ofQuery(request.source.query),
            ]
        }
    }
}
