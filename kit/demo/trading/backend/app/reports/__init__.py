"""Profit and loss reports."""
