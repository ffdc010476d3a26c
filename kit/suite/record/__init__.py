"""What a run says: events as they happen, folded into facts."""
