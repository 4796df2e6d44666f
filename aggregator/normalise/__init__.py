"""From passages to statements: pure functions, never a guess."""
