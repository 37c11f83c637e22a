"""The door of identity: accounts, the node's own name and key, and the ids that stand for people towards partners."""

from .actions import NewAccount, create_account, create_accounts, make_accounts, pairwise_id, set_password
from .administrators import for_administrators, is_administrator
from .asking import second_factor
from .cards import NewCard, cards_of, make_cards, take_back
from .events import Event, on_event, tell
from .factors import give_codes, has_factor, new_secret, provisioning_uri, qr_code
from .factors import reset as reset_factors
from .following import keep_open, rename_accounts
from .handing_over import give_back, hand_over
from .keys import node_uri, public_jwk, signing_key, thumbprint
from .models import Account
from .parts import part_of, register_part
from .pictures import PICTURES
from .queries import account_named, account_of, pairwise_statement_id, person_behind, plain_username
from .sessions import begin as begin_session
from .tries import forget as forget_tries
from .tries import take as take_try

__all__ = [
    "PICTURES",
    "Account",
    "Event",
    "NewAccount",
    "NewCard",
    "account_named",
    "account_of",
    "begin_session",
    "cards_of",
    "create_account",
    "create_accounts",
    "for_administrators",
    "forget_tries",
    "give_back",
    "give_codes",
    "hand_over",
    "has_factor",
    "is_administrator",
    "keep_open",
    "make_accounts",
    "make_cards",
    "new_secret",
    "node_uri",
    "on_event",
    "pairwise_id",
    "pairwise_statement_id",
    "part_of",
    "person_behind",
    "plain_username",
    "provisioning_uri",
    "public_jwk",
    "qr_code",
    "register_part",
    "rename_accounts",
    "reset_factors",
    "second_factor",
    "set_password",
    "signing_key",
    "take_back",
    "take_try",
    "tell",
    "thumbprint",
]
