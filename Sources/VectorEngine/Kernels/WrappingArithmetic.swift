import SQLTypes

/// Sums, differences and products of two vectors of integers as Int64, in one loop each, straight from the codes. Only
/// for operands whose bounds prove that nothing overflows.
///
/// 5 forms × 5 forms × 3 operations are compiled as loops of their own; the choice is made once per batch.
enum WrappingArithmetic {
    static func apply(_ operation: ExpressionNode.Arithmetic, _ left: Vector, _ right: Vector) -> Buffer {
        assert(left.count == right.count, "\(left.count) and \(right.count) rows")
        return Buffer.filled(count: left.count, of: Int64.self) { target in
            let source = LeftVisitor(operation: operation, right: right, target: target)
            left.visitLanes(source)
        }
    }

    private struct LeftVisitor: LaneVisitor {
        let operation: ExpressionNode.Arithmetic
        let right: Vector
        let target: UnsafeMutablePointer<Int64>

        @inline(__always)
        func visit<Left: IntegerLanes>(_ lanes: Left) {
            right.visitLanes(RightVisitor(operation: operation, left: lanes, target: target, count: right.count))
        }
    }

    private struct RightVisitor<Left: IntegerLanes>: LaneVisitor {
        let operation: ExpressionNode.Arithmetic
        let left: Left
        let target: UnsafeMutablePointer<Int64>
        let count: Int

        @inline(__always)
        func visit<Right: IntegerLanes>(_ right: Right) {
            switch operation {
            case .add: for row in 0..<count { target[row] = left[row] &+ right[row] }
            case .subtract: for row in 0..<count { target[row] = left[row] &- right[row] }
            case .multiply: for row in 0..<count { target[row] = left[row] &* right[row] }
            case .divide, .modulo: assertionFailure("division does not wrap")
            }
        }
    }
}

/// Integers by row, widened to 64 bits as they are read.
protocol IntegerLanes {
    subscript(row: Int) -> Int64 { get }
}

struct CodeLanes<Code: FixedWidthInteger & UnsignedInteger>: IntegerLanes {
    let codes: UnsafePointer<Code>
    let base: Int64
    @inline(__always)
    subscript(row: Int) -> Int64 { base &+ Int64(truncatingIfNeeded: codes[row]) }
}

struct FlatLanes: IntegerLanes {
    let values: UnsafePointer<Int64>
    @inline(__always)
    subscript(row: Int) -> Int64 { values[row] }
}

struct ConstantLanes: IntegerLanes {
    let value: Int64
    @inline(__always)
    subscript(row: Int) -> Int64 { value }
}

protocol LaneVisitor {
    func visit<Source: IntegerLanes>(_ lanes: Source)
}

extension Vector {
    /// Calls the visitor with the lanes of this form. Flat values of other widths are copied to 64 bits first.
    @inline(__always)
    func visitLanes<Visitor: LaneVisitor>(_ visitor: Visitor) {
        switch form {
        case .coded(.u8(let buffer), let base):
            visitor.visit(CodeLanes(codes: buffer.pointer(as: UInt8.self) + offset, base: base))
        case .coded(.u16(let buffer), let base):
            visitor.visit(CodeLanes(codes: buffer.pointer(as: UInt16.self) + offset, base: base))
        case .coded(.u32(let buffer), let base):
            visitor.visit(CodeLanes(codes: buffer.pointer(as: UInt32.self) + offset, base: base))
        default:
            let lanes = int64Lanes()
            if let values = lanes.values {
                visitor.visit(FlatLanes(values: values))
            } else {
                visitor.visit(ConstantLanes(value: lanes.constant))
            }
            withExtendedLifetime(lanes) {}
        }
    }
}
