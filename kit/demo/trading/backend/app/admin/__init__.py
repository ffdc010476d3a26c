"""Support tools and the audit trail."""
