"""Who may do what in this room, beside the learner herself."""

from organisations.rules import AnyUser, administers_everything, is_educator


def answers_error_reports(user: AnyUser) -> bool:
    """Educators, and administrators of the whole platform: modules belong to no single unit."""
    return is_educator(user) or administers_everything(user)
