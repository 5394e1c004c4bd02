"""The application: people press a button, and Behalf does the work in their names."""
