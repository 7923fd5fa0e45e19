package import SQLTypes

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Compression libraries of the operating system, opened when a file first needs one: who loads no such file needs not
/// have it.
package enum SystemLibrary: Hashable, Sendable, CaseIterable {
    case libdeflate, libbz2, libzstd, liblzo2

    /// - Throws: 58P01, with the name of the library and of Debian's package.
    package func requireInstalled(among libraries: LibraryLookup) throws(SQLError) { _ = try open(libraries) }

    package var isInstalled: Bool { LibraryHandle.handle(of: self) != nil }

    func open(_ libraries: LibraryLookup = .system) throws(SQLError) -> LibraryHandle {
        guard let handle = libraries.handle(self) else {
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

/// Which libraries there are: those of the machine, or fewer, for tests of what happens without them.
package struct LibraryLookup: Sendable {
    let handle: @Sendable (SystemLibrary) -> LibraryHandle?

    package static let system = LibraryLookup { LibraryHandle.handle(of: $0) }
    package static let none = LibraryLookup { _ in nil }
}

/// A library that stays open until the process ends, so that its functions can be called at any time.
struct LibraryHandle: @unchecked Sendable {
    // The loader's handle is never changed or closed, and dlsym may be called from any thread.
    private let pointer: UnsafeMutableRawPointer
    private let name: String

    private static let libdeflate = opened(.libdeflate)
    private static let libbz2 = opened(.libbz2)
    private static let libzstd = opened(.libzstd)
    private static let liblzo2 = opened(.liblzo2)

    /// Opens it the first time; nil if it is not installed.
    fileprivate static func handle(of library: SystemLibrary) -> LibraryHandle? {
        switch library {
        case .libdeflate: libdeflate
        case .libbz2: libbz2
        case .libzstd: libzstd
        case .liblzo2: liblzo2
        }
    }

    private static func opened(_ library: SystemLibrary) -> LibraryHandle? {
        dlopen(library.fileName, RTLD_NOW | RTLD_LOCAL).map { LibraryHandle(pointer: $0, name: library.fileName) }
    }

    /// - Parameter type: the function's C signature, as its header has it.
    func function<Function>(_ symbol: String, as type: Function.Type = Function.self) throws(SQLError) -> Function {
        guard let address = dlsym(pointer, symbol) else {
            throw SQLError(.undefinedFile, "the library \(name) of this machine has no function \(symbol)")
        }
        return unsafeBitCast(address, to: type)
    }
}
