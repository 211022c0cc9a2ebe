"""The catalogue of business rules: what a rule is, which apply, how they are run."""
