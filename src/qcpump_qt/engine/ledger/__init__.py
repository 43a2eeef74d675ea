"""The ledger: what was found, what became of it, and when each pump ran."""
