package import Catalog

/// The logged events of a cluster by kind, oldest first: what the views of loads, maintenance and sessions show.
package struct EventHistory: Hashable, Sendable {
    package var loads: [LoadEvent] = []
    package var loadedFiles: [LoadedFileEvent] = []
    package var replacements: [ReplacementEvent] = []
    package var objectRequests: [ObjectRequestEvent] = []
    package var unloads: [UnloadEvent] = []
    package var unloadedFiles: [UnloadedFileEvent] = []
    package var vacuums: [VacuumEvent] = []
    package var analyzes: [AnalyzeEvent] = []
    package var transactions: [TransactionEvent] = []
    package var commits: [CommitEvent] = []
    package var conflicts: [ConflictEvent] = []
    package var connections: [ConnectionEvent] = []
    package var sessions: [SessionEvent] = []
    package var users: [UserEvent] = []
    package var alerts: [AlertEvent] = []

    package init() {}

    /// Those of which `isShown` is true of the user who caused them.
    package func shown(_ isShown: (UserID) -> Bool) -> EventHistory {
        func own<Event: LoggedEvent>(_ events: [Event]) -> [Event] { events.filter { isShown($0.source.user) } }
        var copy = self
        copy.loads = own(loads)
        copy.loadedFiles = own(loadedFiles)
        copy.replacements = own(replacements)
        copy.objectRequests = own(objectRequests)
        copy.unloads = own(unloads)
        copy.unloadedFiles = own(unloadedFiles)
        copy.vacuums = own(vacuums)
        copy.analyzes = own(analyzes)
        copy.transactions = own(transactions)
        copy.commits = own(commits)
        copy.conflicts = own(conflicts)
        copy.connections = own(connections)
        copy.sessions = own(sessions)
        copy.users = own(users)
        copy.alerts = own(alerts)
        return copy
    }
}
