"""Rules about databases that people use."""
