"""IPv6 fallback lab: real mail clients, a delayed link, failures on the way, Dualpost at the other end."""

from .cell import Outcome
from .lab import Lab, Proxy
from .net import LabError
from .wire import Event

__all__ = ["Event", "Lab", "LabError", "Outcome", "Proxy"]
