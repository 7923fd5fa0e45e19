import SQLSyntax
import SQLTypes
import Synchronization
import Testing

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Whatever the text: a tree or an SQLError, and never more stack than a Dispatch thread on Darwin has.
@Suite struct HostileInputTests {
    struct Nest: Sendable, CustomTestStringConvertible {
        var name: String
        var open: String
        var middle: String
        var close: String
        var prefix = "select "
        /// How deep it may be for sure.
        var accepted: Int

        var testDescription: String { name }

        func text(_ depth: Int) -> String {
            prefix + String(repeating: open, count: depth) + middle + String(repeating: close, count: depth)
        }
    }

    static let nests: [Nest] = [
        Nest(name: "parentheses", open: "(", middle: "1", close: ")", accepted: 990),
        Nest(name: "sums", open: "(1 + ", middle: "1", close: ")", accepted: 990),
        Nest(name: "calls", open: "f(", middle: "1", close: ")", accepted: 990),
        Nest(name: "casts", open: "cast(", middle: "1", close: " as int)", accepted: 990),
        Nest(name: "postfix casts", open: "", middle: "1", close: "::int", accepted: 990),
        Nest(name: "case", open: "case when a then ", middle: "1", close: " end", accepted: 990),
        Nest(name: "case operand", open: "case ", middle: "1", close: " when 1 then 2 end", accepted: 990),
        Nest(name: "minus", open: "- ", middle: "a", close: "", accepted: 990),
        Nest(name: "not", open: "not ", middle: "a", close: "", accepted: 990),
        Nest(name: "is null", open: "", middle: "a", close: " is null", accepted: 990),
        Nest(name: "in lists", open: "a in (", middle: "1", close: ")", accepted: 990),
        Nest(name: "rows", open: "(1, ", middle: "1", close: ")", accepted: 990),
        Nest(name: "trim", open: "trim(", middle: "a", close: ")", accepted: 990),
        Nest(name: "subqueries", open: "(select ", middle: "1", close: ")", accepted: 27),
        Nest(name: "exists", open: "exists (select 1 where ", middle: "a", close: ")", accepted: 27),
        Nest(name: "in subqueries", open: "a in (select a from t where ", middle: "a", close: ")", accepted: 27),
        Nest(
            name: "derived tables", open: "(select * from ", middle: "t", close: ")", prefix: "select * from ",
            accepted: 27),
        Nest(
            name: "joined tables", open: "(a join ", middle: "b", close: " on c)", prefix: "select * from ",
            accepted: 27),
        Nest(
            name: "late conditions", open: "a join ", middle: "b", close: " on c", prefix: "select * from ",
            accepted: 27),
        Nest(name: "query parentheses", open: "(", middle: "select 1", close: ")", prefix: "", accepted: 27),
        Nest(name: "with", open: "with a as (", middle: "select 1", close: ") select 1", prefix: "", accepted: 27),
        Nest(name: "windows", open: "sum(a) over (order by ", middle: "a", close: ")", accepted: 20),
        Nest(
            name: "grouping sets", open: "grouping sets (", middle: "a", close: ")", prefix: "select 1 group by ",
            accepted: 27),
        Nest(name: "right to left", open: "a = (b || ", middle: "c", close: ")", accepted: 900),
    ]

    @Test(arguments: nests)
    func nestingEndsInAnError(nest: Nest) throws {
        for depth in [nest.accepted, 1_200, 20_000] {
            let text = nest.text(depth)
            let state = onSmallStack { () -> String in
                do throws(SQLError) {
                    let tree = try parseStatement(text).statement
                    return tree == .reset(nil) ? "" : "accepted"
                } catch {
                    return error.state.code
                }
            }
            #expect(state == (depth == nest.accepted ? "accepted" : "54001"), "\(nest.name), \(depth) levels")
        }
    }

    /// Printing, comparing and hashing recurse, at up to 9 KB a level in a build without optimisation.
    @Test(arguments: nests)
    func treesCanBeWalked(nest: Nest) throws {
        let text = nest.text(min(nest.accepted / 2, 40))
        let isSame = onSmallStack { () -> Bool in
            guard let first = try? parseStatement(text).statement,
                let second = try? parseStatement(Printer.print(first)).statement
            else { return false }
            return first == second && first.hashValue == second.hashValue
        }
        #expect(isSame)
    }

    @Test func openEnds() {
        let opens = [
            "(", "((select ", "case ", "f(", "not ", "- ", "a in (", "[", "select (", "(((", "with a as (", "/*", "$a$",
        ]
        for open in opens {
            let text = String(repeating: open, count: 5_000)
            let isRefused = onSmallStack {
                (try? parseStatements(text)) == nil && (try? parseStatements("select " + text)) == nil
            }
            #expect(isRefused, "\(open)")
        }
    }

    /// Each level has a dollar quote of its own, so that the text grows only linearly.
    @Test func unloadDoesNotNest() {
        let levels = 0..<2_000
        let text =
            levels.map { "unload ($a\($0)$" }.joined() + "select 1"
            + levels.reversed().map { "$a\($0)$) to 'x'" }.joined()
        let isRefused = onSmallStack { (try? parseStatements(text)) == nil }
        #expect(isRefused)
    }

    @Test func longChainsAreLinear() throws {
        let conditions = (0..<10_000).map { "a\($0) = \($0)" }.joined(separator: " and ")
        guard case .and(let terms) = try parseExpression(conditions).kind else {
            throw SQLError.internalError("no and")
        }
        #expect(terms.count == 10_000)
        let items = (0..<100_000).map(String.init).joined(separator: ", ")
        guard case .inList(_, let list, false) = try parseExpression("a in (\(items))").kind else {
            throw SQLError.internalError("no list")
        }
        #expect(list.count == 100_000)
        let sum = try parseExpression(Array(repeating: "a", count: 10_000).joined(separator: " || "))
        guard case .operation(_, let added) = sum.kind else { throw SQLError.internalError("no chain") }
        #expect(added.count == 9_999)
        let unions = Array(repeating: "select 1", count: 10_000).joined(separator: " union all ")
        guard case .query(let query) = try parseStatement(unions).statement,
            case .setOperation(_, let branches) = query.body
        else { throw SQLError.internalError("no union") }
        #expect(branches.count == 9_999)
    }

    @Test func truncationsNeverTrap() {
        for text in tpchQueries + tableCorpus + dataCorpus + sessionCorpus + queryCorpus {
            let bytes = Array(text.utf8)
            for length in stride(from: 0, to: bytes.count, by: text.utf8.count > 300 ? 7 : 1) {
                _ = try? parseStatements(utf8: Array(bytes[..<length]))
            }
        }
    }

    @Test(arguments: UInt64(0)..<8)
    func mutationsNeverTrapAndSurvivePrinting(seed: UInt64) throws {
        var random = SplitMix64(state: seed)
        let corpus = tpchQueries + tableCorpus + dataCorpus + sessionCorpus + queryCorpus
        let pieces = corpus.map { $0.split(separator: " ") }
        for _ in 0..<400 {
            guard var words = pieces.randomElement(using: &random), let other = pieces.randomElement(using: &random)
            else { continue }
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let place = Int.random(in: 0..<words.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: words[place] = other.randomElement(using: &random) ?? ""
                case 1: words.insert(other.randomElement(using: &random) ?? "", at: place)
                default: if words.count > 1 { words.remove(at: place) }
                }
            }
            let text = words.joined(separator: " ")
            guard let trees = try? parseStatements(text) else { continue }
            for tree in trees {
                let printed = Printer.print(tree.statement)
                let again = try? parseStatement(printed).statement
                #expect(again == tree.statement, "\(text) was printed as \(printed)")
            }
        }
    }

    @Test(arguments: UInt64(0)..<8)
    func randomBytesNeverTrap(seed: UInt64) {
        var random = SplitMix64(state: seed)
        let symbols = Array("()[]'\"$#;,.:=<>!~|&^%*/+-0123456789eE \n_aselctfromwhin".utf8)
        for round in 0..<500 {
            let length = Int.random(in: 0..<80, using: &random)
            let bytes = (0..<length).map { _ -> UInt8 in
                round % 2 == 0 ? UInt8.random(in: 0...255, using: &random) : symbols.randomElement(using: &random) ?? 0
            }
            _ = try? parseStatements(utf8: bytes)
            _ = isCompleteInput(String(decoding: bytes, as: UTF8.self))
        }
    }
}

struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

private final class Box<Result: Sendable>: Sendable {
    let body: @Sendable () -> Result
    let result = Mutex<Result?>(nil)
    init(_ body: @escaping @Sendable () -> Result) { self.body = body }
}

/// Runs the body on a thread of 512 KB.
func onSmallStack<Result: Sendable>(_ body: @escaping @Sendable () -> Result) -> Result {
    let box = Box<Result>(body)
    let runner = Box<Void> { box.result.withLock { $0 = box.body() } }
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    pthread_attr_setstacksize(&attributes, 512 << 10)
    var thread = pthread_t()
    let status = pthread_create(
        &thread, &attributes,
        { argument in
            guard let argument else { return nil }
            Unmanaged<Box<Void>>.fromOpaque(argument).takeRetainedValue().body()
            return nil
        }, Unmanaged.passRetained(runner).toOpaque())
    precondition(status == 0, "no thread: \(status)")
    pthread_join(thread, nil)
    guard let result = box.result.withLock({ $0 }) else { preconditionFailure("the thread left no result") }
    return result
}
