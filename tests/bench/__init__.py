"""The benchmark: `make bench`. It prints figures and asserts nothing about time.

Every figure stands beside its floor, measured in the same run on the same machine, so that a
ratio means the same on a laptop and on a server.
"""
