import ArgumentParser
import Blueshift
import FoundationEssentials

struct SLTCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "slt", abstract: "Run data-driven SQL tests (.slt files) on several cluster shapes.")

    @Argument(help: "Files, or folders with .slt files in them.")
    var paths: [String]

    @Flag(help: "Write what the first shape answers into the files; the run still fails where that changed anything.")
    var update = false

    @Flag(help: "Print what the files are about as a Markdown table.")
    var matrix = false

    @OptionGroup var memoryOptions: MemoryOptions

    func run() async throws {
        let files = try sltFiles(under: paths)
        if matrix { return print(supportMatrix(of: files)) }
        var failed = 0
        for path in files {
            let problems = try await check(path)
            if !problems.isEmpty { failed += 1 }
            for problem in problems { print("\(path): \(problem)\n") }
        }
        print("\(files.count - failed) passed, \(failed) failed")
        if failed > 0 || files.isEmpty { throw ExitStatus.statementFailed }
    }

    private func check(_ path: String) async throws -> [String] {
        let text = try sltText(of: path)
        do {
            let file = try SLTFile(text: text)
            if update {
                let changed = file.replacing(
                    try await SLTRunner(file: file, memoryBytes: memoryOptions.memory?.bytes).answers())
                if changed != text {
                    try Data(changed.utf8).write(to: URL(filePath: path), options: .atomic)
                    return ["rewritten; read the difference before you keep it"]
                }
            }
            return try await SLTRunner(file: file, memoryBytes: memoryOptions.memory?.bytes).run().map(\.description)
        } catch let failure as SLTFile.Failure {
            return [failure.description]
        }
    }
}

func sltFiles(under paths: [String]) throws -> [String] { try files(under: paths, ending: ".slt") }

/// The files themselves, and all files in folders whose names end so, in order of their paths.
func files(under paths: [String], ending: String) throws -> [String] {
    var files: [String] = []
    for path in paths {
        var isFolder = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw ValidationError("there is no \(path)")
        }
        guard isFolder else {
            files.append(path)
            continue
        }
        let inside = try FileManager.default.subpathsOfDirectory(atPath: path)
        files += inside.filter { $0.hasSuffix(ending) }.sorted().map { path + "/" + $0 }
    }
    return files
}

func sltText(of path: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
}

/// One line a file: its folder, its purpose (line one), and how many records it has.
private func supportMatrix(of files: [String]) -> String {
    var lines = [
        "# What SQL is understood", "",
        "Made by `blueshift slt --matrix Tests/slt`. Each line is a file of tests; each runs on every cluster shape it names "
            + "(1×1, 1×2, 2×2 and 4×8 unless it says otherwise), with the same results.",
        "", "| area | file | what holds | records |", "|---|---|---|---:|",
    ]
    for path in files {
        guard let text = try? sltText(of: path), let file = try? SLTFile(text: text) else { continue }
        let parts = path.split(separator: "/")
        let purpose = text.prefix { $0 != "\n" }.drop { $0 == "#" || $0 == " " }
        lines.append("| \(parts.dropLast().last ?? "") | `\(parts.last ?? "")` | \(purpose) | \(file.records.count) |")
    }
    return lines.joined(separator: "\n")
}
