"""What clients of this provider are to keep, and what they have to go through to show it."""
