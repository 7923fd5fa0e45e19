import ArgumentParser

/// How much a command's clusters may hold in memory.
struct MemoryOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "What queries and cached columns may hold, such as 64MB or 2GB; queries that need more write to disk. At "
                + "least 16MB; the default is half of the machine's memory.", valueName: "size"))
    var memory: MemorySize?
}

/// `64MB`, `2GB`, `1536KB`, `100000000`: a number, and a unit of 1,024, 1,024² or 1,024³ bytes.
struct MemorySize: ExpressibleByArgument, Hashable {
    static let minimumBytes = 16 << 20

    let bytes: Int

    init?(argument: String) {
        let digits = argument.prefix { $0.isASCII && $0.isNumber }
        let unit: Int
        switch argument.dropFirst(digits.count).drop(while: { $0 == " " }).uppercased() {
        case "", "B": unit = 1
        case "K", "KB", "KIB": unit = 1 << 10
        case "M", "MB", "MIB": unit = 1 << 20
        case "G", "GB", "GIB": unit = 1 << 30
        case "T", "TB", "TIB": unit = 1 << 40
        default: return nil
        }
        guard let number = Int(digits) else { return nil }
        let (bytes, overflow) = number.multipliedReportingOverflow(by: unit)
        guard !overflow, bytes >= MemorySize.minimumBytes else { return nil }
        self.bytes = bytes
    }
}
