/// Values by set of a join's inputs. Of as many inputs as are joined exhaustively a set is its own place in an array: no set
/// is hashed, of thousands that are asked for.
struct InputSetTable<Value> {
    private var dense: [Value?]
    private var sparse: [UInt64: Value] = [:]

    init(inputCount: Int) {
        dense = inputCount <= JoinOrder.exhaustiveLimit ? Array(repeating: nil, count: 1 << inputCount) : []
    }

    subscript(inputs: UInt64) -> Value? {
        get { inputs < UInt64(dense.count) ? dense[Int(inputs)] : sparse[inputs] }
        set {
            if inputs < UInt64(dense.count) {
                dense[Int(inputs)] = newValue
            } else {
                sparse[inputs] = newValue
            }
        }
    }
}
