"""What is handed over on paper, or kept as a file to read: PDF that a screen reader can read."""
