"""Lists for people: active agreements, the yearly contacts of October, and what is on hold.

What a list needs is gathered in `person`; each list turns it into rows, purely.
"""
