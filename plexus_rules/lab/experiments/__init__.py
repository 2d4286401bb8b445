"""The experiments: a module for each group of claims."""
