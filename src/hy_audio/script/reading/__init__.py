"""What decides how a character is read: dictionary, network, context."""
