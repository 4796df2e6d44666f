"""What must survive: SIGKILL at any moment, a full or read-only disk, a lost database."""
