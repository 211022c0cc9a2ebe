"""Rules of the profiles of Factur-X 1.09: what each keeps of EN 16931, and what it makes of CII."""
