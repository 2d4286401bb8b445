"""How each step is made: what is edited, then which commands are run.

``python -m plexus_rules.lab.record`` follows these recipes and stores what comes of it.
"""

from plexus_rules.samples.recipes.columns import COLUMNS
from plexus_rules.samples.recipes.histories import BASE_HISTORY, HISTORIES
from plexus_rules.samples.recipes.making import BACKEND, FOLDERS, Generate, Recipe
from plexus_rules.samples.recipes.postgres import POSTGRES
from plexus_rules.samples.recipes.tables import REBUILDS, TABLES

#: One recipe for each step.
RECIPES: tuple[Recipe, ...] = (*COLUMNS, *TABLES, *REBUILDS, *POSTGRES, *HISTORIES)

__all__ = ["BACKEND", "BASE_HISTORY", "FOLDERS", "RECIPES", "Generate", "Recipe"]
