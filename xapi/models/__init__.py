"""What the record store keeps, one noun a file."""

from .attachment import Attachment, StatementAttachment
from .client import Client
from .document import Document, DocumentContext
from .forwarding import Forwarding, ForwardingRefusal
from .importing import ImportRun
from .pending import PendingLearner
from .removal import Removal
from .statement import Referral, Statement, StatementId, StatementKey

__all__ = [
    "Attachment",
    "Client",
    "Document",
    "DocumentContext",
    "Forwarding",
    "ForwardingRefusal",
    "ImportRun",
    "PendingLearner",
    "Referral",
    "Removal",
    "Statement",
    "StatementAttachment",
    "StatementId",
    "StatementKey",
]
