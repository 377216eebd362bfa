"""Tests of access against a real IAM: a Deputy server a test, boto3 sessions for its principals, and the reason of each refusal."""
from .explain import Refusal
from .server import Account, Deputy, Principal, binary

__all__ = ["Account", "Deputy", "Principal", "Refusal", "binary"]
