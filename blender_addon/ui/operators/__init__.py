"""What the panel's buttons do, a module per step. Whatever goes wrong is told in one line, with its mend."""
