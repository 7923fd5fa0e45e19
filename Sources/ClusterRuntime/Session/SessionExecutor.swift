/// Where one session runs, and with it what serves its client: one job at a time, on a thread that others share, or
/// aside of them.
///
/// On the shared thread only what is short by construction may run. What may take long steps aside first; who serves the
/// client comes back when the statement is through. Decision 0005 tells why.
///
/// It is the preferred executor of the tasks that run here as well: a task that waited for something wakes up on it, and not
/// on the global pool first.
package protocol SessionExecutor: SerialExecutor, TaskExecutor {
    /// Returns off the shared thread; at once if that is where the session is. To be called by a task that runs here.
    func stepAside() async
    /// Returns on the shared thread.
    func comeBack() async
}

/// The executor of a session that nobody gave one: an actor's own.
actor OwnExecutor {}
