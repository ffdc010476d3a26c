"""Sign-in, tokens and roles."""
