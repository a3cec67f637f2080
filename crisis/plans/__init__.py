"""Prevention plans (위기예방계획): what a 시·도 owes after caution or severe, plans, carries out and accounts for."""
