"""What was heard, once each: stored under the platform's own id before it is acknowledged, then handled.

Handling may be repeated after a crash, so what handlers do is idempotent; what was handled stays handled.
"""
