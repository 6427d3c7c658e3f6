"""What knows a file format: bytes or text in, a `Document` out. Pure."""
