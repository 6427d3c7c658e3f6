"""What the paper printed: text becomes an `Article` of blocks, and a ledger of every character."""
