#!/bin/sh
# The vault has the secrets: they need not stay on this machine.
set -eu
azd env set PSEUDONYM_KEY ''
azd env set SHOPPER_TOKEN_KEY ''
azd env set SHOPPER_TOKEN_KEY_BEFORE ''
