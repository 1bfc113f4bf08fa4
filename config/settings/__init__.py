"""Settings: `base` holds everything, `local`, `production` and `test` hold what differs.

Read `base` from the top: the rooms, the stages and the sources are the platform's whole way.
"""
