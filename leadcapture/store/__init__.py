"""The durable record, which is also the queue: rows never leave, methods take and return domain values."""
