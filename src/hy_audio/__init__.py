"""hy-audio builds chaptered Mandarin audio editions from newspaper articles."""
