"""The command line `genworld`."""
