// Tests of SQLTypes.
