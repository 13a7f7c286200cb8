"""What must be said, to whom and by when: filings, escalation, the outbox. Knows nothing of HTTP or commands."""
