"""The report's sections: a module builds what a template of the same name shows."""
