"""The ledger under fire: a hostile host, a killer, and a count that proves what was promised."""
