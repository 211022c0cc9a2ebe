"""The steps of an examination, strangers to each other and without hands."""
