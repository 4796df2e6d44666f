"""Where places lie: a small seed that ships, and tables that an operator imports."""
