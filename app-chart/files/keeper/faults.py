"""What ends the keeper, in words that say what to do."""


class KeeperFault(Exception):
    """A start or a restore that is refused: what is wrong, and the remedy. Never a guess, never a silent way on."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(f"{what} {remedy}")
        self.what = what
        self.remedy = remedy


class StoreUnavailable(Exception):
    """The bucket did not answer, or refused. Nothing is known about what it holds."""
