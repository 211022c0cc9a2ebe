"""One mapping table per syntax: business term, path, reader."""
