// Tests of ClusterRuntime.
