"""The one workflow for a schema change. Every place that shows steps renders this object."""

from __future__ import annotations

from plexus_rules.profile import Generator, Profile
from plexus_rules.rule import Workflow, WorkflowStep


def workflow(profile: Profile) -> Workflow:
    """The steps of a schema change, a new table or column included, for a project."""
    places = [path for database in profile.databases for path in database.tables]
    outs = [f"{database.out}/" for database in profile.databases if database.out]
    several = len(profile.databases) > 1
    all_of_them = "both databases" if len(profile.databases) == 2 else "every database"
    by_ci = profile.generator is Generator.CI
    edit = WorkflowStep(
        "Edit the schema",
        f"Change the tables in {_listed(places)}, the same in each."
        if several and places
        else f"Change the tables{f' in {_listed(places)}' if places else ''}.",
        rules=("PLX101", "PLX102"),
    )
    generate = WorkflowStep(
        f"Generate migrations for {all_of_them}" if several else "Generate the migration",
        f"Only to try the change, from {profile.root}: the CI generates what is kept."
        if by_ci
        else f"From {profile.root}.",
        commands=profile.generate,
        directory=profile.package,
        rules=("PLX209", "PLX601"),
    )
    review = WorkflowStep(
        "Review what was generated",
        f"Read the new SQL{f' in {_listed(outs)}' if outs else ''}, and see that "
        "`meta/_journal.json` has its entry: generate exits 0 without one, too. It asks about a "
        "rename, and so makes none without a terminal.",
        rules=("PLX202", "PLX602"),
    )
    test = _test(profile)
    if by_ci:
        evidence = f" (`{profile.generator_evidence}`)" if profile.generator_evidence else ""
        last = WorkflowStep(
            "Commit the schema alone",
            "Undo the generated SQL, snapshots and journal, all of them: the CI generates and "
            f"commits them together after the merge{evidence}.",
            rules=("PLX603",),
        )
    else:
        last = WorkflowStep(
            "Commit everything that was generated",
            "SQL, snapshots and journal, with the schema, in one commit.",
            rules=("PLX603",),
        )
    return Workflow("Every schema change", (edit, generate, review, test, last))


def _test(profile: Profile) -> WorkflowStep:
    if profile.migrates_at_start:
        text = "Restart the application: migrations run by themselves at start-up. See no error."
        return WorkflowStep("Test", text, rules=("PLX403",))
    start = f", from {profile.root}," if profile.migrate else ""
    return WorkflowStep(
        "Test",
        f"Apply the migrations to a test database{start} and start the application on it. See no "
        "error.",
        commands=profile.migrate,
        directory=profile.package,
        rules=("PLX403",),
    )


def _listed(paths: list[str]) -> str:
    return " and ".join(f"`{path}`" for path in paths)
