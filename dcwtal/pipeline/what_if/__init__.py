"""What if the settings were others: a run's scores in memory, asked again and again."""
