"""The outside world: files, database. Seen by bootstrap only."""
