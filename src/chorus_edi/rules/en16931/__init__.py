"""Rules of EN 16931-1, ids as published."""
