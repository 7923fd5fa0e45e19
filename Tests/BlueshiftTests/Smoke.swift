// Tests of Blueshift.
