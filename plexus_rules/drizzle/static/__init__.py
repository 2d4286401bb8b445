"""A small evaluator of TypeScript expressions, for configs. Nothing is ever run.

It reads what a config says in literals, and follows names, functions of the file, and the
few functions of Node that build paths. What it cannot read becomes an `Unknown` that says
why; a choice that hangs on something unknown is made by the world (see `worlds`).
"""
