#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif
package import SQLTypes

/// Compression libraries of the operating system, opened when a file first needs one: who loads no such file needs not
/// have it.
package enum SystemLibrary: Hashable, Sendable, CaseIterable {
    case libdeflate, libbz2, libzstd, liblzo2

    /// - Throws: 58P01, with the name of the library and of Debian's package.
    package func requireInstalled() throws(SQLError) { _ = try open() }

    package var isInstalled: Bool { LibraryHandle.opened[self] != nil }

    func open() throws(SQLError) -> LibraryHandle {
        guard let handle = LibraryHandle.opened[self] else {
            throw SQLError(
                .undefinedFile, "the library \(fileName) is not installed on this machine",
                hint: "On Debian: apt-get install \(debianPackage)")
        }
        return handle
    }

    fileprivate var fileName: String {
        #if canImport(Darwin)
            switch self {
            case .libdeflate: "libdeflate.0.dylib"
            case .libbz2: "libbz2.1.0.dylib"
            case .libzstd: "libzstd.1.dylib"
            case .liblzo2: "liblzo2.2.dylib"
            }
        #else
            switch self {
            case .libdeflate: "libdeflate.so.0"
            case .libbz2: "libbz2.so.1.0"
            case .libzstd: "libzstd.so.1"
            case .liblzo2: "liblzo2.so.2"
            }
        #endif
    }

    private var debianPackage: String {
        switch self {
        case .libdeflate: "libdeflate0"
        case .libbz2: "libbz2-1.0"
        case .libzstd: "libzstd1"
        case .liblzo2: "liblzo2-2"
        }
    }
}

/// A library that stays open until the process ends, so that its functions can be called at any time.
struct LibraryHandle: @unchecked Sendable {
    // The loader's handle is never changed or closed, and dlsym may be called from any thread.
    private let pointer: UnsafeMutableRawPointer
    private let name: String

    fileprivate static let opened: [SystemLibrary: LibraryHandle] = {
        var handles: [SystemLibrary: LibraryHandle] = [:]
        for library in SystemLibrary.allCases {
            guard let pointer = dlopen(library.fileName, RTLD_NOW | RTLD_LOCAL) else { continue }
            handles[library] = LibraryHandle(pointer: pointer, name: library.fileName)
        }
        return handles
    }()

    /// - Parameter type: the function's C signature, as its header has it.
    func function<Function>(_ symbol: String, as type: Function.Type = Function.self) throws(SQLError) -> Function {
        guard let address = dlsym(pointer, symbol) else {
            throw SQLError(.undefinedFile, "the library \(name) of this machine has no function \(symbol)")
        }
        return unsafeBitCast(address, to: type)
    }
}
