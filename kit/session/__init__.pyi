from kit.session.opening import open_session as open_session
from kit.session.result import MissingPart as MissingPart
from kit.session.result import Result as Result
from kit.session.result import Things as Things
from kit.session.session import Session as Session
