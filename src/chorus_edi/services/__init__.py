"""What may be asked of the program, by any interface."""
