"""Processes of the target: started, spoken to, watched, ended, and nothing of them left."""
