import Catalog
import SQLTypes
import VectorEngine

extension FunctionDirectory {
    static let builtin = FunctionDirectory([]) { name, _, _ throws(SQLError) in
        throw SQLError.internalError("no function \(name)")
    }
}
