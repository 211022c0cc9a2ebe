"""Order and effects: the five commits of a flow."""
