package import SQLTypes

/// All scalar functions of the engine, each from its own file.
package enum BuiltinFunctions {
    package static let scalar: [ScalarFunction] =
        [
            Case.upper, Case.lower, Case.initcap, Length.characters, Length.octets, Length.ascii, Length.chr,
            Substring.substring, Substring.left, Substring.right, Trim.both, Trim.leading, Trim.trailing,
            Concat.concat, Concat.repeat, Concat.reverse, Replace.replace, Replace.translate, Pad.left, Pad.right,
            Position.strpos, Position.charindex, Position.octetindex, Position.splitPart,
            SoundexFunctions.soundex, SoundexFunctions.difference, Quote.identifier, Quote.literal,
            ArithmeticFunctions.abs, ArithmeticFunctions.sign, ArithmeticFunctions.mod,
            RoundingFunctions.round, RoundingFunctions.trunc, RoundingFunctions.ceiling, RoundingFunctions.floor,
            Extremes.greatest, Extremes.least,
            Extract.extract, Extract.datePart, Extract.year,
            DateFunctions.dateadd, DateFunctions.datediff, DateFunctions.dateTrunc, DateFunctions.lastDay,
            DateFunctions.addMonths, DateFunctions.monthsBetween, DateFunctions.nextDay, TimeZones.convert,
            TimeZones.timezone, SingleRow.check, FormatFunctions.toChar, FormatFunctions.toDate,
            FormatFunctions.toTimestamp, FormatFunctions.toNumber, TeradataNumbers.integer, TeradataNumbers.numeric,
        ] + ArithmeticFunctions.bits + Mathematics.all + SessionFunctions.all + SessionControl.all + Digests.all
        + ValueHashes.all
        + BinaryFunctions.all + Comparisons.all + RegularExpressionFunctions.all + JSONFunctions.all
        + Arrays.all

    /// By canonical name.
    static let byName: [String: ScalarFunction] = {
        var table: [String: ScalarFunction] = [:]
        for function in scalar {
            assert(table[function.signature.name] == nil, "two functions named \(function.signature.name)")
            table[function.signature.name] = function
        }
        return table
    }()

    /// Functions of which one call can take more than some microseconds: they search, parse or digest long texts, or make
    /// them.
    private static let slow = Set(
        (Digests.all + RegularExpressionFunctions.all + JSONFunctions.all + ValueHashes.all + BinaryFunctions.all
            + Arrays.all + [Concat.repeat, Replace.replace, Replace.translate, Pad.left, Pad.right]
            + [SoundexFunctions.soundex, SoundexFunctions.difference, FormatFunctions.toChar, FormatFunctions.toDate]
            + [FormatFunctions.toTimestamp, FormatFunctions.toNumber])
            .map(\.signature.name))

    /// One call takes a few microseconds at most, whatever its arguments.
    package static func isQuick(_ name: String) -> Bool { contains(name) && !slow.contains(name) }

    /// Other functions of a plan are the leader's: they read the catalog.
    package static func contains(_ name: String) -> Bool { byName[name] != nil }

    /// Computes one call on constants that already have the resolution's types: what `FunctionDirectory` folds with.
    package static func evaluate(
        _ name: String, _ arguments: [SQLValue], _ resolution: FunctionSignature.Resolution,
        context: EvaluationContext = EvaluationContext()
    ) throws(SQLError) -> SQLValue {
        guard arguments.count == resolution.arguments.count else {
            throw .internalError("\(arguments.count) arguments for \(resolution.arguments.count) of \(name)")
        }
        var operands: [ExpressionNode] = []
        for (value, type) in zip(arguments, resolution.arguments) { operands.append(.literal(value, type)) }
        return try ExpressionEvaluator.value(of: .call(name, operands, resolution.result), context: context)
    }
}
