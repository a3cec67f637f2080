"""Pure rules of surveys: forms, answers, deadlines, suppression. No Django here."""
