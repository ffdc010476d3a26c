"""What is asked of pytest, how a suite is cut into batches, and who has which of them."""
