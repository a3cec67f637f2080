"""Pure rules of field surveys: questionnaire, index, sampling, tables. No Django here."""
