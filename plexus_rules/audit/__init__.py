"""Audits a history: what its commits brought in, and which of them ended it."""

from plexus_rules.audit.history import AuditRequest, CannotAudit, audit
from plexus_rules.audit.report import Audit, Recorded, Told

__all__ = ["Audit", "AuditRequest", "CannotAudit", "Recorded", "Told", "audit"]
