"""How it is said: engines turn utterances into clips, and a store keeps them."""
