"""Wallet addresses and proofs of ownership."""
