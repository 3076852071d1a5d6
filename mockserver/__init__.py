"""A mock server for the APIs that :mod:`contracts` describes, and the command ``matteproof``."""
