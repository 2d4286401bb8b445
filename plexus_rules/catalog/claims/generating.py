"""What drizzle-kit reads when it generates: snapshots and the schema."""

from __future__ import annotations

from plexus_rules.rule import BOTH_LINES, Claim

# Snapshots

MISSING_SNAPSHOT_REPEATS_MIGRATION = Claim(
    "missing-snapshot-repeats-migration",
    "Without the last snapshot, generate makes the same migration again, which fails after the "
    "first.",
    BOTH_LINES,
)
SNAPSHOT_WITHOUT_PREFIX_IS_NEVER_READ = Claim(
    "snapshot-without-prefix-is-never-read",
    "With `prefix: 'none'` drizzle-kit never reads its snapshot back: the next generate makes the "
    "whole schema again, and that migration fails.",
)
TAMPERED_SNAPSHOT_HIDES_CHANGE = Claim(
    "tampered-snapshot-hides-change",
    "generate compares the schema with the newest snapshot: what a snapshot says by hand is "
    "never created, generate finds no changes, and drizzle-kit check is content.",
    BOTH_LINES,
)
SHARED_PARENT_COLLIDES = Claim(
    "shared-parent-collides",
    "Two snapshots with one `prevId`, as a copied one has, are a collision: drizzle-kit check "
    "exits 1, and generate makes nothing, and still exits 0.",
)
BROKEN_CHAIN_GOES_UNNOTICED = Claim(
    "broken-chain-goes-unnoticed",
    "drizzle-kit does not notice a `prevId` that names no snapshot: check is content, and generate "
    "makes the next migration.",
)
MALFORMED_JOURNAL_STOPS_ALL = Claim(
    "malformed-journal-stops-all",
    "A journal that is not JSON, as one with conflict markers, stops generate, which still exits "
    "0, drizzle-kit check, which exits 1, and the migrator.",
)
MALFORMED_SNAPSHOT_EXITS_ZERO = Claim(
    "malformed-snapshot-exits-zero",
    "On a malformed snapshot drizzle-kit generate makes nothing, and still exits 0; check exits 1.",
)
STRAY_FILE_STOPS_GENERATE = Claim(
    "stray-file-stops-generate",
    "drizzle-kit takes every file in `meta` whose name does not start with `_` for a snapshot: "
    "where one is none, generate makes nothing, and still exits 0.",
)

# What drizzle-kit loads as the schema

NOT_CODE_STOPS_GENERATE = Claim(
    "not-code-stops-generate",
    "On Node.js drizzle-kit loads every file of a directory that is its schema, dot files too, and "
    "none of the directories in it: one that is not TypeScript, JavaScript or JSON is run as "
    "JavaScript. At a text generate fails with a SyntaxError, makes nothing, and still exits 0.",
)
UNEXPORTED_TABLE_HAS_NO_MIGRATION = Claim(
    "unexported-table-has-no-migration",
    "generate knows the tables that the config's schema exports: for another it finds no changes, "
    "and the table is never created.",
    BOTH_LINES,
)
UNEXPORTED_TABLE_IS_DROPPED = Claim(
    "unexported-table-is-dropped",
    "Where a table is no longer exported, generate makes a DROP TABLE without a question.",
    BOTH_LINES,
)
