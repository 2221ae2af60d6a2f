"""Agentless security and ethics audit of a city's servers, sites and domains."""

__version__ = "0.1.0"
