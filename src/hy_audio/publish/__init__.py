"""Who can hear it: episodes to a feed and a site at a target."""
