// Tests of VectorEngine.
