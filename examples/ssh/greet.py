"""Greets in the words of a package from git."""

import greetings

print("Greetings of version", greetings.VERSION)
