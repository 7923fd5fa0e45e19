// ClusterRuntime.
