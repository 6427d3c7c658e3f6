"""What will be said: an `Article` becomes a `Script` of sections and utterances."""
