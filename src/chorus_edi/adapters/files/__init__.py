"""Folders: inbox, work, archive, outbox, official artefacts, configuration tables."""
