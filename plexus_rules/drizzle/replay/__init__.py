"""Runs the migrations of a database, and compares what they give with what the snapshots say.

:mod:`.history` walks a journal. It drives a world, which holds the tables that the SQL has made
so far: a real SQLite in memory (:mod:`.sqlite`), a model of PostgreSQL (:mod:`.postgres`), or a
real PostgreSQL (:mod:`.server`). :mod:`.places` says where in the SQL and in the snapshot a
difference stands.
"""
