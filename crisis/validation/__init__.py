"""Is the rule set any good? Its editing, calibration and approval; back-tests; what became of alarms and overrides."""
