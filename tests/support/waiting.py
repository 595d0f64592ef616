"""How long a test of windows waits for something that takes milliseconds on an idle machine."""

PATIENCE_MS = 30_000
