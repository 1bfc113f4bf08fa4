"""The data of attachments, kept apart from the statements that name it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Attachment(models.Model):
    """Data that came along with a statement, once however often it was sent.

    `sha2` is the sum under which it was sent, in small letters: the same bytes under another kind of
    sum are another row. `content_type` is what its first sender called it.
    Like a book in a closed stack: it is found through a statement, never by walking along the shelf.
    """

    sha2 = models.CharField(max_length=128, primary_key=True)
    content_type = models.TextField()
    data = models.BinaryField()

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")

    def __str__(self) -> str:
        return self.sha2


class StatementAttachment(models.Model):
    """That this data came along with this statement.

    Who reads a statement gets only what came along with it: naming a sum opens nobody else's data.
    """

    statement = models.UUIDField()
    # Its index: does any statement still need this data?
    attachment = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="statements")

    class Meta:
        verbose_name = _("statement's attachment")
        verbose_name_plural = _("statements' attachments")
        constraints = [
            # Also answers: what came along with this statement?
            models.UniqueConstraint(fields=["statement", "attachment"], name="statementattachment_once"),
        ]

    def __str__(self) -> str:
        return f"{self.statement}: {self.attachment_id}"
