"""Every model module, imported: whoever needs the complete metadata imports this one.

Alembic's env.py and the test suite use it; the API gets the same set through its routers.
"""

from backend.app.admin.audit import AuditEntry
from backend.app.analyst.models import AnalystNote
from backend.app.auth.models import LoginSession, RoleGrant, User
from backend.app.copy.follows import CopyFollow
from backend.app.core.database import Base
from backend.app.decisions.models import Decision, DecisionOutcome
from backend.app.exports.models import ExportJob
from backend.app.paper.models import PaperAccount, PaperOrder, PaperTrade, Position
from backend.app.privacy.models import ConsentRecord, ErasureRequest
from backend.app.profile.models import Profile, Subscription
from backend.app.quotas.models import QuotaOverride, QuotaUsage
from backend.app.reports.models import ReportRun
from backend.app.users.models import User as AccountView
from backend.app.users.watchlists import Preference, Watchlist
from backend.app.web3.models import Wallet

MODELS: tuple[type[Base], ...] = (
    User, RoleGrant, LoginSession, AccountView, Watchlist, Preference, Profile, Subscription,
    QuotaUsage, QuotaOverride, PaperAccount, PaperOrder, PaperTrade, Position, CopyFollow,
    ReportRun, ExportJob, Wallet, Decision, DecisionOutcome, AnalystNote, AuditEntry,
    ConsentRecord, ErasureRequest,
)  # fmt: skip
