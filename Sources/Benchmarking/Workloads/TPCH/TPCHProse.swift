import SQLTypes

/// The comments of TPC-H: pieces cut anywhere from a long text of sentences that a small grammar makes. The weights
/// make words as frequent as in the benchmark's own data, which Q13 (`%special%requests%`) counts on.
/// - Source: TPC Benchmark H, revision 3.0.1, clause 4.2.2.14.
struct TPCHProse: Sendable {
    private let text: [UInt8]

    /// - Parameter bytes: of the whole text; pieces repeat when many more are asked for, as they do in the benchmark.
    init(seed: UInt64, bytes: Int = 2 << 20) {
        var random = SplitMix64.ofRow(0, stream: 99, seed: seed)
        var text: [UInt8] = []
        text.reserveCapacity(bytes + 256)
        var writer = Writer()
        while text.count < bytes { writer.sentence(&random, &text) }
        self.text = text
    }

    func write(_ lengths: ClosedRange<Int>, _ random: inout SplitMix64, to row: inout DataText) {
        row.add(piece(random.number(lengths), &random))
    }

    /// `count` bytes with no blank at their ends: leading and trailing blanks do not survive every way of loading.
    func piece(_ count: Int, _ random: inout SplitMix64) -> ArraySlice<UInt8> {
        var from = random.below(text.count - count - 64)
        while text[from] == 0x20 || text[from + count - 1] == 0x20 { from += 1 }
        return text[from..<from + count]
    }

    private struct Writer {
        private static let nouns = Weighted([
            (40, ["packages", "requests", "accounts", "deposits"]),
            (20, ["foxes", "ideas", "theodolites", "pinto beans", "instructions"]),
            (10, ["dependencies", "excuses", "platelets", "asymptotes"]), (5, ["courts", "dolphins"]),
            (
                1,
                [
                    "multipliers", "sauternes", "warthogs", "frets", "dinos", "attainments", "somas", "Tiresias'",
                    "patterns", "forges", "braids", "hockey players", "frays", "warhorses", "dugouts", "notornis",
                    "epitaphs", "pearls", "tithes", "waters", "orbits", "gifts", "sheaves", "depths", "sentiments",
                    "decoys", "realms", "pains", "grouches", "escapades",
                ]
            ),
        ])
        private static let verbs = Weighted([
            (20, ["sleep", "wake", "are", "cajole", "haggle"]), (10, ["nag", "use", "boost"]),
            (5, ["affix", "detect", "integrate"]),
            (
                1,
                [
                    "maintain", "nod", "was", "lose", "sublate", "solve", "thrash", "promise", "engage", "hinder",
                    "print", "x-ray", "breach", "eat", "grow", "impress", "mold", "poach", "serve", "run", "dazzle",
                    "snooze", "doze", "unwind", "kindle", "play", "hang", "believe", "doubt",
                ]
            ),
        ])
        private static let adjectives = Weighted([
            (50, ["regular"]), (40, ["final", "ironic"]), (30, ["even"]),
            (20, ["special", "pending", "unusual", "express", "bold"]), (10, ["silent"]),
            (
                1,
                [
                    "furious", "sly", "careful", "blithe", "quick", "fluffy", "slow", "quiet", "ruthless", "thin",
                    "close", "dogged", "daring", "brave", "stealthy", "permanent", "enticing", "idle", "busy",
                ]
            ),
        ])
        private static let adverbs = Weighted([
            (50, ["furiously", "slyly", "carefully"]), (40, ["blithely"]), (30, ["quickly"]), (20, ["fluffily"]),
            (
                1,
                [
                    "sometimes", "always", "never", "slowly", "quietly", "ruthlessly", "thinly", "closely", "doggedly",
                    "daringly", "bravely", "stealthily", "permanently", "enticingly", "idly", "busily", "regularly",
                    "finally", "ironically", "evenly", "boldly", "silently",
                ]
            ),
        ])
        private static let prepositions = Weighted([
            (50, ["about", "above", "according to", "across", "after", "against", "along"]),
            (20, ["alongside of", "among", "around", "at"]),
            (
                1,
                [
                    "atop", "before", "behind", "beneath", "beside", "besides", "between", "beyond", "by", "despite",
                    "during", "except", "for", "from", "in place of", "inside", "instead of", "into", "near", "of",
                    "on",
                    "outside", "over", "past", "since", "through", "throughout", "to", "toward", "under", "until", "up",
                    "upon", "without", "with", "within",
                ]
            ),
        ])
        private static let auxiliaries = Weighted([
            (
                1,
                [
                    "do", "may", "might", "shall", "will", "would", "can", "could", "should", "ought to", "must",
                    "will have to", "shall have to", "could have to", "should have to", "must have to", "need to",
                    "try to",
                ]
            )
        ])
        private static let terminators = Weighted([(50, ["."]), (1, [";", ":", "?", "!", "--"])])

        mutating func sentence(_ random: inout SplitMix64, _ text: inout [UInt8]) {
            nounPhrase(&random, &text)
            let form = random.below(13)
            if form >= 10 { prepositionalPhrase(&random, &text) }
            verbPhrase(&random, &text)
            switch form {
            case 0..<3: break
            case 3..<6, 12: prepositionalPhrase(&random, &text)
            default: nounPhrase(&random, &text)
            }
            text.removeLast()
            add(Writer.terminators, &random, &text)
        }

        private func nounPhrase(_ random: inout SplitMix64, _ text: inout [UInt8]) {
            switch random.below(50) {
            case 0..<10: break
            case 10..<30: add(Writer.adjectives, &random, &text)
            case 30..<40:
                add(Writer.adjectives, &random, &text)
                text.insert(UInt8(ascii: ","), at: text.count - 1)
                add(Writer.adjectives, &random, &text)
            default:
                add(Writer.adverbs, &random, &text)
                add(Writer.adjectives, &random, &text)
            }
            add(Writer.nouns, &random, &text)
        }

        private func verbPhrase(_ random: inout SplitMix64, _ text: inout [UInt8]) {
            let form = random.below(72)
            if form >= 30, form < 31 || form >= 71 { add(Writer.auxiliaries, &random, &text) }
            add(Writer.verbs, &random, &text)
            if form >= 31 { add(Writer.adverbs, &random, &text) }
        }

        private func prepositionalPhrase(_ random: inout SplitMix64, _ text: inout [UInt8]) {
            add(Writer.prepositions, &random, &text)
            text.append(contentsOf: "the ".utf8)
            nounPhrase(&random, &text)
        }

        private func add(_ words: Weighted, _ random: inout SplitMix64, _ text: inout [UInt8]) {
            words.pick(&random).withUTF8Buffer { text.append(contentsOf: $0) }
            text.append(0x20)
        }
    }

    /// Words, some of them more often than others.
    private struct Weighted: Sendable {
        private let words: [StaticString]

        /// Each word stands in the list as often as it weighs: lists are short, weights small.
        init(_ groups: [(weight: Int, words: [StaticString])]) {
            words = groups.flatMap { group in
                group.words.flatMap { [StaticString](repeating: $0, count: group.weight) }
            }
        }

        func pick(_ random: inout SplitMix64) -> StaticString { words[random.below(words.count)] }
    }
}
