"""Real processes of the bot against a platform on loopback, with everything going wrong that can."""
