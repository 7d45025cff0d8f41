"""IPv6 fallback lab: real mail clients, a delayed link, failures on the way, Dualpost at the other end."""

from .cell import Outcome
from .lab import Lab
from .net import LabError
from .proxy import Proxy
from .wire import Event

__all__ = ["Event", "Lab", "LabError", "Outcome", "Proxy"]
