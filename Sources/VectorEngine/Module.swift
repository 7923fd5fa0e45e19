// VectorEngine.
