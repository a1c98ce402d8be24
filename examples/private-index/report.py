"""Prints what the company's package knows."""

import company_figures

print("Figures of version", company_figures.VERSION)
