"""The door of identity: accounts, the node's own name and key, and the ids that stand for people towards partners."""

from .actions import NewAccount, create_account, create_accounts, pairwise_id, set_password
from .keys import node_uri, public_jwk, signing_key, thumbprint
from .models import Account
from .queries import account_named, account_of, pairwise_statement_id, person_behind, plain_username

__all__ = [
    "Account",
    "NewAccount",
    "account_named",
    "account_of",
    "create_account",
    "create_accounts",
    "node_uri",
    "pairwise_id",
    "pairwise_statement_id",
    "person_behind",
    "plain_username",
    "public_jwk",
    "set_password",
    "signing_key",
    "thumbprint",
]
