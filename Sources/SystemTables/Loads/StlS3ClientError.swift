import QueryPlan
import SQLTypes

extension SystemView {
    /// Those that failed. - Source: Redshift developer guide, "STL_S3CLIENT_ERROR".
    static let stlS3ClientError = SystemView(
        "stl_s3client_error",
        [
            .int("userid"), .int("query"), .int("sliceid"), .time("recordtime"), .int("pid"),
            .char("http_method", 64), .char("bucket", 64), .char("key", 256), .char("error", 1_024),
            .int("is_partial"), .big("start_offset"),
        ]
    ) { state in
        state.events().objectRequests.filter { !$0.error.isEmpty }.map { request in
            [
                request.source.userValue, request.source.queryValue, .int(request.slice),
                .timestamp(request.endTime), .int(request.source.session), .text(request.method, max: 64),
                .text(request.bucket, max: 64), .text(request.key, max: 256), .text(request.error, max: 1_024),
                .bit(request.isPartial), .int(request.startOffset),
            ]
        }
    }
}
