"""The factual sentences that rules rest on.

Each is stated for the lines of Drizzle on which its experiment found it to hold: see
:mod:`plexus_rules.lab.experiments`, and the evidence pages for what happened.
"""

from __future__ import annotations

from plexus_rules.catalog.claims.generating import *
from plexus_rules.catalog.claims.history import *
from plexus_rules.catalog.claims.projects import *
from plexus_rules.catalog.claims.statements import *
