"""What lies on disk, against what an episode has to be."""
