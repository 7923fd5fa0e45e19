import Planner
import QueryPlan
import SQLSyntax
import Synchronization

/// Queries that sessions of the cluster have planned, by their texts: who sends a text again in the same surroundings has
/// it neither parsed nor planned. Bounded in number and in text; who was not asked for longest goes first.
///
/// Whether a plan may be used again its `surroundings` say; what cannot be (it has parameters, or the clock's time in
/// it) never comes in here.
final class PlanCache: Sendable {
    struct Entry: Sendable {
        var statement: ParsedStatement
        /// As logs show it.
        var shownText: String
        var plan: ReusablePlan
    }

    static let textsMax = 1_024
    /// Longer ones are seldom sent twice.
    static let textBytesMax = 4_096
    /// Surroundings in which one text is kept: users, search paths, time zones.
    static let variantsMax = 8

    private struct Known {
        /// Last used first.
        var variants: [Entry]
        var lastUse: UInt64
    }
    private struct State {
        var texts: [ExactText: Known] = [:]
        var uses: UInt64 = 0
    }
    private let state = Mutex(State())

    func find(_ text: String, _ surroundings: ReusablePlan.Surroundings) -> Entry? {
        guard text.utf8.count <= PlanCache.textBytesMax else { return nil }
        return state.withLock { state in
            guard let place = state.texts.index(forKey: ExactText(text)) else { return nil }
            let variants = state.texts.values[place].variants
            guard let found = variants.firstIndex(where: { $0.plan.surroundings == surroundings }) else { return nil }
            state.uses += 1
            state.texts.values[place].lastUse = state.uses
            return variants[found]
        }
    }

    func add(_ text: String, _ entry: Entry) {
        guard text.utf8.count <= PlanCache.textBytesMax else { return }
        state.withLock { state in
            state.uses += 1
            let text = ExactText(text)
            var known = state.texts[text] ?? Known(variants: [], lastUse: 0)
            known.variants.removeAll { $0.plan.surroundings == entry.plan.surroundings }
            known.variants.insert(entry, at: 0)
            if known.variants.count > PlanCache.variantsMax { known.variants.removeLast() }
            known.lastUse = state.uses
            state.texts[text] = known
            if state.texts.count > PlanCache.textsMax { PlanCache.forgetOldest(&state) }
        }
    }

    var textCount: Int { state.withLock { $0.texts.count } }

    /// An eighth at once, so that a full cache does not look for its oldest text at every statement.
    private static func forgetOldest(_ state: inout State) {
        let uses = state.texts.values.map(\.lastUse).sorted()
        let last = uses[uses.count / 8]
        state.texts = state.texts.filter { $0.value.lastUse > last }
    }
}

/// A text as its bytes: to `String` two that are canonically equivalent are one, to SQL their literals are two.
private struct ExactText: Hashable {
    private let text: String

    init(_ text: String) {
        var text = text
        text.makeContiguousUTF8()
        self.text = text
    }

    static func == (left: ExactText, right: ExactText) -> Bool {
        left.text.utf8.count == right.text.utf8.count && left.text.utf8.elementsEqual(right.text.utf8)
    }

    func hash(into hasher: inout Hasher) {
        let known: Void? = text.utf8.withContiguousStorageIfAvailable {
            hasher.combine(bytes: UnsafeRawBufferPointer($0))
        }
        assert(known != nil, "a text whose bytes are not in one piece")
    }
}
