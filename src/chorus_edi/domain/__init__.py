"""The vocabulary: values and tables of the field. No I/O, no clock."""
