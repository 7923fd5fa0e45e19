// Tests of BlueshiftCLI.
