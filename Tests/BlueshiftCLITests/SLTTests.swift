import Foundation
import Testing

@testable import BlueshiftCLI

/// Every file of `Tests/slt`, on every shape it names.
@Suite struct SLTTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "slt").path

    static var files: [String] {
        get throws { try sltFiles(under: [folder]) }
    }

    @Test func thereAreFiles() throws { #expect(try Self.files.count >= 10) }

    @Test(arguments: try files)
    func passes(path: String) async throws {
        let file = try SLTFile(text: sltText(of: path))
        for mismatch in try await SLTRunner(file: file).run() {
            Issue.record("\(path) \(mismatch)")
        }
    }
}
