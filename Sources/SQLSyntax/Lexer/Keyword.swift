/// Words that the grammar knows, in lower case as they are spelled in SQL.
///
/// Reserved words come first, in the order of the guide's list, up to `without`; the others are free for use as names
/// and mean something in certain places only.
/// - Source: Redshift developer guide, "Reserved words".
enum Keyword: String, CaseIterable {
    /// A name that is no keyword; no SQL word is spelled so.
    case notAKeyword = ""

    case aes128, aes256, all, allowoverwrite, analyse, analyze, and, `any`, array, `as`, asc, authorization, az64
    case backup, between, binary, blanksasnull, both, bytedict, bzip2, `case`, cast, check, collate, column, connect
    case constraint, create, credentials, cross, currentDate = "current_date", currentTime = "current_time"
    case currentTimestamp = "current_timestamp", currentUser = "current_user", currentUserId = "current_user_id"
    case `default`, deferrable, deflate, defrag, delta, delta32k, desc, disable, distinct, `do`, `else`, emptyasnull
    case enable, encode, encrypt, encryption, end, except, explicit, `false`, `for`, foreign, freeze, from, full
    case globaldict256, globaldict64k, grant, group, gzip, having, identity, ignore, ilike, `in`, initially, inner
    case intersect, interval, into, `is`, isnull, join, language, leading, left, like, limit, localtime
    case localtimestamp, lun, luns, lzo, lzop, minus, mostly16, mostly32, mostly8, natural, new, not, notnull, null
    case nulls, off, offline, offset, oid, old, on, only, `open`, or, order, outer, overlaps, parallel, partition
    case percent, permissions, pivot, placing, primary, raw, readratio, recover, references, rejectlog, resort
    case respect, restore, right, select, sessionUser = "session_user", similar, snapshot, some, start, sysdate
    case system, table, tag, tdes, text255, text32k, then, timestamp, to, top, trailing, `true`, truncatecolumns
    case union, unique, unnest, unpivot, user, using, verbose, wallet, when, `where`, with, without

    case abort, acceptanydate, acceptinvchars, accessKeyId = "access_key_id", add, addquotes, after, alter, append
    case approximate, at, auto, avro, begin, bigint, bool, boolean, boost, bpchar, by, call, cancel, cascade
    case caseInsensitive = "case_insensitive", caseSensitive = "case_sensitive", char, character, ci, cleanpath, close
    case comment, commit, committed, compound, compression, comprows, compupdate, convert, copy, cs, csv, cube
    case current, date, datetime, dateformat, day, deallocate, dec, decimal, declare, defaults, delete, delimiter
    case distkey, diststyle, double, drop, encoding, encrypted, escape, even, exclude, excluding, execute, exists
    case explain, explicitIds = "explicit_ids", `extension`, external, extract, fetch, fillrecord, filltarget, filter
    case first, fixedwidth, float, float4, float8, following, format, function, gb, generated, geography, geometry
    case grouping, header, hllsketch, hour, iamRole = "iam_role", `if`, ignoreallerrors, ignoreblanklines, ignoreextra
    case ignoreheader, include, including, insert, int, int2, int4, int8, integer, interleaved, isolation, job, json
    case key, kmsKeyId = "kms_key_id", last, lateral, level, library, local, lock, manifest
    case masterSymmetricKey = "master_symmetric_key", matched, materialized, max, maxerror, maxfilesize, mb, merge
    case minute, model, month, nchar, no, noload, none, nowait, numeric, nvarchar, of, orc, over, overwrite, owner
    case parquet, position, preceding, precision, predicate, columns, prepare, preset, prior, procedure, `public`
    case qualify, quota, quote, range, read, real, rebuild, recluster, recursive, refresh, region, reindex
    case removequotes, rename, repeatable, replace, reset, restrict, revoke, role, rollback, rollup, roundec, row
    case rowgroupsize, rows, savepoint, release, schema, binding, second, secretAccessKey = "secret_access_key"
    case security, serializable, serializetojson, session, sessionToken = "session_token", set, sets, shapefile, show
    case simplify, smallint, sort, sortkey, ssh, statupdate, substring, substr, `super`, tb, temp, temporary, text, time
    case timeformat, timestamptz, timetz, transaction, treat, trim, trimblanks, truncate, tryCast = "try_cast", type
    case unbounded, uncommitted, unknown, unlimited, unload, update, vacuum, values, varbinary, varbyte, varchar
    case varying, view, within, work, write, year, yes, zone, zstd, database, datashare, groups, index
    case sequence, trigger, attach, detach, ties, next, characteristics, describe, use, `import`, listen, notify
    case discard, reassign, `operator`
}

/// Finds keywords by their bytes: a hash table with open addressing, made once, never more than a third full.
struct KeywordTable: Sendable {
    static let shared = KeywordTable()

    private struct Entry {
        var keyword: Keyword
        var isReserved: Bool
        var text: [UInt8]
    }

    private static let slotCount = 2_048
    static let lengthMaximum = 24
    private var entries: [Entry] = []
    /// For each hash, the first entry to look at; -1 when there is none.
    private var slots = [Int16](repeating: -1, count: slotCount)

    private init() {
        var isReserved = true
        for keyword in Keyword.allCases where keyword != .notAKeyword {
            let text = Array(keyword.rawValue.utf8)
            assert(text.count <= Self.lengthMaximum, "a keyword of \(text.count) bytes")
            var hash = UInt32(0)
            for byte in text { hash = Self.step(hash, byte) }
            var slot = Self.slot(hash)
            while slots[slot] >= 0 { slot = (slot + 1) % Self.slotCount }
            slots[slot] = Int16(entries.count)
            entries.append(Entry(keyword: keyword, isReserved: isReserved, text: text))
            if keyword == .without { isReserved = false }
        }
    }

    /// Hash of a word, byte by byte; the bytes in lower case.
    @inline(__always)
    static func step(_ hash: UInt32, _ byte: UInt8) -> UInt32 { (hash ^ UInt32(byte)) &* 0x0100_0193 }

    private static func slot(_ hash: UInt32) -> Int { Int((hash ^ (hash >> 15)) % UInt32(slotCount)) }

    /// - Parameter word: as written, in any case; `hash` is that of its lower-case bytes.
    func find(_ word: Slice<UnsafeBufferPointer<UInt8>>, hash: UInt32) -> (keyword: Keyword, isReserved: Bool)? {
        guard word.count <= Self.lengthMaximum else { return nil }
        var slot = Self.slot(hash)
        while slots[slot] >= 0 {
            let entry = entries[Int(slots[slot])]
            if entry.text.count == word.count, zip(entry.text, word).allSatisfy({ $0 == lowercased($1) }) {
                return (entry.keyword, entry.isReserved)
            }
            slot = (slot + 1) % Self.slotCount
        }
        return nil
    }

    /// A word in lower case.
    func isReserved(_ name: String) -> Bool { find(name)?.isReserved ?? false }

    func isKeyword(_ name: String) -> Bool { find(name) != nil }

    private func find(_ name: String) -> (keyword: Keyword, isReserved: Bool)? {
        var name = name
        return name.withUTF8 { bytes in
            find(bytes[...], hash: bytes.reduce(0, Self.step))
        }
    }
}

/// ASCII letters only: names keep what case other letters have.
@inline(__always)
func lowercased(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }
