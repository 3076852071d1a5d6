"""Driving a client under test: trial by trial, against a mock server, judged by what it did and what it says."""
