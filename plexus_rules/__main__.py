"""``python -m plexus_rules``."""

from plexus_rules.cli import main

if __name__ == "__main__":
    main()
