"""What an app is like at run time, as far as a patch may change it."""
