// SystemTables.
