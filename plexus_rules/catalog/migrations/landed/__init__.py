"""What has become of migrations that have landed, and how they are put back."""
