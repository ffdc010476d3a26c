from kit.suite.cluster.cluster_run import run_on_cluster as run_on_cluster
from kit.suite.cluster.scheduler import check_cluster as check_cluster
from kit.suite.cluster.scheduler import check_reachable as check_reachable
