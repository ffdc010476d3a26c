from kit.suite.warm.affected import ImportersOf as ImportersOf
from kit.suite.warm.warm_suite import WarmSuite as WarmSuite
