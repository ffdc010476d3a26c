from kit.suite.select.affected import ImportersOf as ImportersOf
from kit.suite.warm.warm_suite import WarmSuite as WarmSuite
