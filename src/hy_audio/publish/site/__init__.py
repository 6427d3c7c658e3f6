"""The pages of a show, made for listening while one reads."""
