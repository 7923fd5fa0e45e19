// One import is enough: values, types and errors come along.
@_exported public import SQLTypes
