"""Bytes to values and back, pure: XML, mappings, Factur-X, archives, reports."""
