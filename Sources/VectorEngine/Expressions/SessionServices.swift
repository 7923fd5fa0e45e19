package import SQLTypes

/// What functions ask of, and do to, the session that runs the statement and others. Answered by the leader: those
/// functions that change something run there only.
package protocol SessionServices: Sendable {
    /// What pg_backend_pid() says.
    var process: Int32 { get }
    /// Numbers of the last query, COPY and UNLOAD of the session, -1 if there was none; and how many rows the latter two
    /// had.
    var last: SessionHistory { get }
    /// Schemas in which names are looked up; those that are so without being in `search_path` among them if asked for.
    func schemas(includingImplicit: Bool) -> [String]
    /// A parameter's text; nil: there is none of that name.
    func setting(_ name: String) -> String?
    /// - Returns: the new value as SHOW prints it.
    func set(_ name: String, to value: String, isLocal: Bool) throws(SQLError) -> String
    /// Ends the statement of a session, or the session. False: there is no such session.
    func cancel(_ process: Int64, endsSession: Bool) throws(SQLError) -> Bool
}

package struct SessionHistory: Hashable, Sendable {
    package var query: Int64 = -1
    package var copy: Int64 = -1
    package var copyRows: Int64 = 0
    package var unload: Int64 = -1
    package var unloadRows: Int64 = 0

    package init() {}
}
