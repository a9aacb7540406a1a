"""Girouette on the host: finds the tools, compiles the firmware, simulates boards.

It knows lib/, firmware/ and boards/ as files only, and imports nothing from them.
"""
