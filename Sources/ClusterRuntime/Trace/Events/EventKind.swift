/// The kinds of logged events. Each has a file of its own, so that none pushes out what is known of another.
enum EventKind: String, CaseIterable, Sendable {
    case loads
    case loadedFiles = "loaded-files"
    case replacements
    case objectRequests = "object-requests"
    case unloads
    case unloadedFiles = "unloaded-files"
    case vacuums
    case analyzes
    case transactions
    case commits
    case conflicts
    case connections
    case sessions
    case users
    case alerts

    /// In the directory `events` of the cluster.
    var fileName: String { "events/" + rawValue }

    /// The latest so many are kept, a quarter more now and then.
    var keptMax: Int {
        switch self {
        case .loadedFiles, .objectRequests, .unloadedFiles: 10_000
        case .commits, .transactions, .connections: 5_000
        default: 2_000
        }
    }

    /// Of the file; written anew it has at most half as many.
    static let fileBytesMax: Int64 = 8 << 20
}
