"""Courts, people, calendars and duty: who is where and who answers. Knows nothing of filings or chat."""
