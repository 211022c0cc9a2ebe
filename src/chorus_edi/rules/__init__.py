"""The catalogue of business rules: registry, plan, sets, families with their cases."""
