"""What the words mean: plain values and pure decisions, standard library only."""
