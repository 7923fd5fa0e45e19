// Blueshift.
