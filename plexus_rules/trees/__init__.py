"""Where files come from: a directory, a git commit, memory, or one of these with changes over it.

A tree is read-only, names files by ``/``-separated paths relative to its root, and
never answers for a path outside of that root.
"""

from plexus_rules.trees.base import (
    MAX_FILE_BYTES,
    FileMissing,
    FileRefused,
    NotAFile,
    Tree,
    TreeError,
    blob_id,
    join,
    normal_path,
    too_large,
)
from plexus_rules.trees.base_commit import Base, NoBase, find_base
from plexus_rules.trees.commit import GitTree
from plexus_rules.trees.directory import DirectoryTree
from plexus_rules.trees.edits import Append, Delete, Edit, EditError, Move, Replace, Write, apply
from plexus_rules.trees.git import GitError, GitRepository
from plexus_rules.trees.memory import MemoryTree, OverlayTree

__all__ = [
    "MAX_FILE_BYTES",
    "Append",
    "Base",
    "Delete",
    "DirectoryTree",
    "Edit",
    "EditError",
    "FileMissing",
    "FileRefused",
    "GitError",
    "GitRepository",
    "GitTree",
    "MemoryTree",
    "Move",
    "NoBase",
    "NotAFile",
    "OverlayTree",
    "Replace",
    "Tree",
    "TreeError",
    "Write",
    "apply",
    "blob_id",
    "find_base",
    "join",
    "normal_path",
    "too_large",
]
