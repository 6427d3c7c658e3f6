"""From the stages to an episode: what an editor wants, its words, its voices, its files."""
