"""What is heard: clips become section MP3s, and those one chaptered episode MP3."""
