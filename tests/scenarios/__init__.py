"""Scenarios: a script makes a throw-away target right or wrong; its name says what we must find."""
