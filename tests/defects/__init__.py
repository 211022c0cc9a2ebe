"""One defect of each rule of the AFNOR circuit: a sound invoice, and what breaks it."""
