// Ingest.
