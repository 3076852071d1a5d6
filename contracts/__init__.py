"""What is known of image background-removal APIs, and the means to judge whether one is kept.

Nothing in this package serves requests; ``mockserver`` builds on it and never the other way round.
"""
