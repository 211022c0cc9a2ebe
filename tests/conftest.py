"""Fixtures that every kind of test may use."""

from tests.postgresql import (  # noqa: F401 - pytest finds fixtures by their names here
    database_url,
    new_database,
    postgresql,
    postgresql_template,
    sqlite_template,
)
