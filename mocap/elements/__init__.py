"""Skating elements written as keyframes: the take that the project carries."""
