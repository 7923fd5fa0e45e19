import ArgumentParser
import Blueshift
import FoundationEssentials
import Ingest
import Tickit

struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Start a cluster, load gzip files by COPY, and learn from five queries what slices do.",
        discussion: """
            The cluster has 2 nodes of 2 slices. Its data directory is made anew and removed at the end; with --keep it \
            stays, and `blueshift shell --data-dir DIR` opens it. Ctrl-C ends the demo and removes the directory.
            """)

    @Flag(help: "Leave the data directory to play with.")
    var keep = false

    @Option(help: "The data directory to make.")
    var dataDir = "blueshift-demo"

    @OptionGroup var memoryOptions: MemoryOptions

    func run() async throws {
        guard !FileManager.default.fileExists(atPath: dataDir) else {
            throw ValidationError(
                "\(dataDir) exists already; remove it, or name another with --data-dir "
                    + "(blueshift shell --data-dir \(dataDir) opens what an earlier demo kept)")
        }
        let cluster: Cluster
        do throws(SQLError) {
            var configuration = Cluster.Configuration(nodes: 2, slicesPerNode: 2, directory: dataDir)
            configuration.memoryBytes = memoryOptions.memory?.bytes
            cluster = try await Cluster(configuration)
        } catch {
            printToStandardError(errorReport(error, statement: ""))
            throw ExitStatus.cannotOpen
        }
        do throws(SQLError) {
            try await Demo(cluster: cluster, directory: dataDir, keeps: keep).run()
        } catch {
            printToStandardError(errorReport(error, statement: ""))
            try? FileManager.default.removeItem(atPath: dataDir)
            throw error.state == .queryCanceled ? ExitStatus.interrupted : ExitStatus.statementFailed
        }
        if keep {
            print("\nKept: blueshift shell --data-dir \(dataDir)")
        } else {
            try FileManager.default.removeItem(atPath: dataDir)
        }
    }
}

/// The demo's three acts: files, COPY, lessons.
private struct Demo {
    let cluster: Cluster
    let directory: String
    let keeps: Bool

    func run() async throws(SQLError) {
        let clock = ContinuousClock()
        let start = clock.now
        print("A cluster of \(cluster.summary), \(cluster.concurrentSlices) of them running at a time.\n")

        let runner = StatementRunner(cluster: cluster, format: .table, printsTags: false)
        let interrupt = InterruptHandler { [session = runner.session] in session.cancel() }
        defer { interrupt.stop() }

        let generation = clock.now
        try TickitGenerator().write(to: DirectoryObjectStore(root: directory + "/s3"))
        let files = TickitTable.allCases.reduce(0) { $0 + $1.partCount }
        print(
            "Wrote TICKIT as \(files) gzip files to s3://\(TickitTable.bucket), which is "
                + "\(directory)/s3/\(TickitTable.bucket), in \(durationText(clock.now - generation)).\n")

        try await load(runner, interrupt)
        for (number, lesson) in Lesson.all.enumerated() {
            try await teach(lesson, number: number + 1, runner, interrupt)
        }
        try await cluster.close()
        print("\nDone in \(durationText(clock.now - start)).")
    }

    private func load(_ runner: StatementRunner, _ interrupt: InterruptHandler) async throws(SQLError) {
        for table in TickitTable.allCases {
            _ = try await runner.session.execute(table.createStatement).collect()
        }
        print(TickitTable.sales.createStatement + "\n")
        for table in TickitTable.allCases {
            try check(interrupt)
            let start = ContinuousClock.now
            let copy = table.copyStatement()
            if table == .sales { print(copy) }
            let rows = try await runner.session.execute(copy, progress: runner.progressReport)
            _ = try await rows.collect()
            runner.clearProgress()
            for notice in rows.notices { print("\(notice.severity):  \(notice.message)") }
            if table == .sales { print("\(durationText(ContinuousClock.now - start)) for sales.") }
        }
    }

    /// A Ctrl-C between two statements has cancelled none.
    private func check(_ interrupt: InterruptHandler) throws(SQLError) {
        if interrupt.wasInterrupted { throw .queryCanceled }
    }

    private func teach(
        _ lesson: Lesson, number: Int, _ runner: StatementRunner, _ interrupt: InterruptHandler
    ) async throws(SQLError) {
        try check(interrupt)
        print("\n\(number). \(lesson.title)\n")
        print(wrapped(lesson.text, width: 100) + "\n")
        for statement in lesson.preparation {
            print(statement + ";")
            _ = try await runner.session.execute(statement).collect()
        }
        print(lesson.query + ";\n")
        print(try await runner.session.explain(lesson.query) + "\n")
        guard await runner.run(lesson.query) else {
            try check(interrupt)
            throw SQLError(.internalError, "lesson \(number) failed")
        }
        guard let trace = await runner.session.lastTrace else {
            throw SQLError(.internalError, "lesson \(number) left no trace")
        }
        let table = SliceTable(
            trace, slices: runner.cluster.slices, slicesPerNode: runner.cluster.slicesPerNode)
        print(table.text)
    }

    private func print(_ text: String) {
        let output = BufferedOutput(descriptor: 1)
        output.line(text)
        output.flush()
    }

    private func wrapped(_ text: String, width: Int) -> String {
        var lines: [String] = [""]
        for word in text.split(separator: " ") {
            let last = lines[lines.count - 1]
            if last.isEmpty {
                lines[lines.count - 1] = String(word)
            } else if last.count + 1 + word.count <= width {
                lines[lines.count - 1] += " " + word
            } else {
                lines.append(String(word))
            }
        }
        return lines.joined(separator: "\n")
    }
}
