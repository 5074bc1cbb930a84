"""What the words of the service mean: people, places, work, needs, and what suits whom."""
