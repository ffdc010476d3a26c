"""What releases of libraries broke: the table, which of it concerns an environment, and what has moved in it."""
