/// How the bytes of a block are made: the true form, which may differ from the encoding that DDL declared.
/// The numbers stand in files: they are never reused.
package enum BlockCodec: UInt8, Hashable, Sendable, CaseIterable {
    /// Values at their natural width; strings as lengths and bytes.
    case raw = 0
    /// Frame of reference, differences to the minimum packed to the exact number of bits. Our AZ64.
    case packed = 1
    /// Differences between neighbours, packed to the exact number of bits.
    case delta = 2
    /// Signed 1, 2 or 4 bytes a value; those that do not fit stand apart.
    case mostly8 = 3, mostly16 = 4, mostly32 = 5
    /// (value, length of its run).
    case runLength = 6
    /// Distinct values, and an index packed to the exact number of bits.
    case dictionary = 7
    /// Dictionary of the first 245 words, one byte a word.
    case text255 = 8
    /// Dictionary of the first 32 KB of words, two bytes a word.
    case text32k = 9
    /// Strings deflated together.
    case deflate = 10
    /// Only nulls: no values at all.
    case allNull = 11
    /// Strings together, as bytes that stand for up to eight of theirs.
    case symbols = 12
}
