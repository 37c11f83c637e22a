"""By which roles somebody keeps the register of a school, and what that makes them towards its people."""

KINDS = {"principal": "head", "siteAdministrator": "office"}
