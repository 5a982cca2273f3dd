"""Stored lead -> CRM, exactly once: claims, the pacer, the look-ups, and the worker that runs them."""
