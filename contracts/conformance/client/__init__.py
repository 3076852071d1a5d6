"""Driving a client under test: trial by trial, against a mock server, judged by what it did and what it says."""

from contracts.conformance.client.check import ClientCheck
from contracts.conformance.client.function import Function, UnableError
from contracts.conformance.client.options import Options
from contracts.conformance.client.performer import PerformerError
from contracts.conformance.client.program import Program

__all__ = ["ClientCheck", "Function", "Options", "PerformerError", "Program", "UnableError"]
