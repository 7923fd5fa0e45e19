import SQLTypes

/// Errors about buckets and objects, in the words of Redshift and S3.
extension SQLError {
    static func unsupportedSource(_ source: String) -> SQLError {
        let scheme =
            source.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).first.map(String.init) ?? ""
        guard ["emr", "dynamodb"].contains(scheme) else {
            return SQLError(
                .invalidParameterValue, "Invalid source '\(source)'", hint: "COPY reads from 's3://bucket/prefix'.")
        }
        return .unsupported("COPY from \(scheme)://")
    }

    static func prefixDoesNotExist(_ prefix: ObjectAddress) -> SQLError {
        SQLError(
            .internalError, "The specified S3 prefix '\(prefix.key)' does not exist",
            detail: "No object of bucket '\(prefix.bucket)' has a key that starts with it.")
    }

    static func bucketDoesNotExist(_ bucket: String) -> SQLError {
        s3ServiceException("The specified bucket does not exist", status: 404, code: "NoSuchBucket", subject: bucket)
    }

    static func mandatoryFileMissing(_ address: ObjectAddress, manifest: ObjectAddress) -> SQLError {
        SQLError(
            .internalError, "The mandatory file \(address) of the manifest does not exist",
            detail: "It is listed in \(manifest).")
    }

    static func objectDoesNotExist(_ address: ObjectAddress) -> SQLError {
        s3ServiceException("The specified key does not exist.", status: 404, code: "NoSuchKey", subject: "\(address)")
    }

    static func wrongRegion(
        bucket: String, isIn actual: String, readAs expected: String, command: String = "COPY"
    ) -> SQLError {
        var error = s3ServiceException(
            "The S3 bucket addressed by the query is in a different region from this cluster.", status: 301,
            code: "PermanentRedirect", subject: bucket)
        error.detail = "The bucket '\(bucket)' is in \(actual), it was taken for one in \(expected)."
        error.hint = "Add REGION '\(actual)' to the \(command) command."
        return error
    }

    static func invalidObjectKey(_ address: ObjectAddress) -> SQLError {
        SQLError(
            .invalidParameterValue, "'\(address.key)' cannot be the key of an object here",
            hint: "Parts between slashes must not be empty or begin with a dot.")
    }

    private static func s3ServiceException(
        _ message: String, status: Int, code: String, subject: String
    ) -> SQLError {
        SQLError(
            .internalError, "S3ServiceException:\(message),Status \(status),Error \(code)", detail: subject)
    }

    static func objectIO(_ what: String, _ address: ObjectAddress, _ reason: String) -> SQLError {
        SQLError(.ioError, "could not \(what) \(address): \(reason)")
    }
}
