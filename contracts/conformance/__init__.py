"""Driving what is under test. The only part of this package that opens sockets."""
