import SQLTypes

/// The list of objects behind `COPY … MANIFEST`:
///
///     {"entries": [{"url": "s3://bucket/key", "mandatory": true, "meta": {"content_length": 1234}}, …]}
///
/// - Source: Redshift developer guide, "Using a manifest to specify data files".
struct CopyManifest: Hashable, Sendable {
    struct Entry: Hashable, Sendable {
        var address: ObjectAddress
        /// A missing object stops the COPY; one that is not mandatory is passed over.
        var isMandatory: Bool
    }

    /// In the order written; an object that is listed twice is loaded twice.
    var entries: [Entry]

    /// More is no manifest.
    static let maximumBytes = 64 << 20

    init(parsing bytes: [UInt8], of manifest: ObjectAddress) throws(SQLError) {
        let document: JSONValue
        do throws(JSONFault) {
            document = try JSONValue(parsing: bytes)
        } catch {
            throw CopyManifest.malformed(manifest, "\(error.reason) at byte \(error.offset)")
        }
        guard case .array(let list)? = document["entries"] else {
            throw CopyManifest.malformed(manifest, "there is no array \"entries\"")
        }
        entries = []
        for (index, element) in list.enumerated() {
            guard case .string(let url)? = element["url"] else {
                throw CopyManifest.malformed(manifest, "entry \(index + 1) has no \"url\"")
            }
            let address = try ObjectAddress(parsing: url, allowsLocalFiles: manifest.isLocal)
            guard !address.key.isEmpty, !address.key.hasSuffix("/") else {
                throw CopyManifest.malformed(manifest, "'\(url)' is not the full path of an object (code 8001)")
            }
            switch element["mandatory"] {
            case nil: entries.append(Entry(address: address, isMandatory: false))
            case .boolean(let isMandatory)?: entries.append(Entry(address: address, isMandatory: isMandatory))
            default:
                throw CopyManifest.malformed(manifest, "\"mandatory\" of entry \(index + 1) is neither true nor false")
            }
        }
    }

    private static func malformed(_ manifest: ObjectAddress, _ reason: String) -> SQLError {
        SQLError(
            .internalError, "invalid manifest \(manifest): \(reason)",
            hint: #"A manifest is {"entries":[{"url":"s3://bucket/key","mandatory":true}, …]}, not compressed."#)
    }
}
