"""How the work of a build is shared, timed, locked and kept: processes, cluster, slices, cache."""
