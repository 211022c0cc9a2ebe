"""chorus-edi: e-invoice flow processor for the French public sector."""
