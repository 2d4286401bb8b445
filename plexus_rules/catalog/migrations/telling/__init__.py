"""What rules about the migration history say of what they find."""
