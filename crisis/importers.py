"""placeholder"""
OBSERVATIONS = type("X", (), {"kind": "observations", "capability": "ENTER_OBSERVATIONS"})()
