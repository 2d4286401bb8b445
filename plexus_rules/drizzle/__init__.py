"""What a repository says about Drizzle. This room knows no rule.

From the outside in: :mod:`.repository` and :mod:`.change` are what checks are given.
:mod:`.database` is one config's world: :mod:`.journal`, :mod:`.snapshot`, :mod:`.chain`,
:mod:`.landed`. :mod:`.config` finds and reads drizzle configs, with the static evaluator of
:mod:`.static`. :mod:`.tables` reads schemas, on :mod:`.builders`, :mod:`.columns` and
:mod:`.values`; :mod:`.families` says which databases hold the same ones. :mod:`.modules`
resolves imports, on :mod:`.imports`, :mod:`.surface` and :mod:`.resolve`. :mod:`.scripts` and
:mod:`.generation` read the commands that a project runs, :mod:`.sql_calls` and :mod:`.ddl` the
SQL that its code runs. :mod:`.shapes` and :mod:`.sql` say what snapshots and migrations
do to tables; :mod:`.replay` runs migrations. :mod:`.typescript` and :mod:`.json_text` parse.
"""
