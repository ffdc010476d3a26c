"""Paper accounts, orders, fills and positions."""
