#!/bin/sh
# What azd needs before it provisions and nobody has given it: the registration in Entra, whom to tell, and the secrets that a
# vault without them gets. What the vault has is never made anew, as another PSEUDONYM_KEY would make strangers of all customers.
set -eu
here=$(dirname "$0")
group="rg-${AZURE_ENV_NAME:?is set by azd}"
subscription=${AZURE_SUBSCRIPTION_ID:?is set by azd}

if [ -z "${SIDECART_API_CLIENT_ID:-}" ]; then
  id=$("$here/../entra/register.sh" "sidecart-$AZURE_ENV_NAME")
  azd env set SIDECART_API_CLIENT_ID "$id"
fi
if [ -z "${SIDECART_CONTACT_EMAILS:-}" ]; then
  email=$(az account show --query user.name --output tsv)
  azd env set SIDECART_CONTACT_EMAILS "$email"
  echo "Alerts go to $email: azd env set SIDECART_CONTACT_EMAILS changes that"
fi

kept=
if [ "$(az group exists --subscription "$subscription" --name "$group")" = true ]; then
  vault=$(az keyvault list --subscription "$subscription" --resource-group "$group" --query '[0].id' --output tsv)
  # Asked of Azure Resource Manager: the vault itself may be in a network that this machine is not in.
  [ -z "$vault" ] || kept=$(az rest --method GET --query 'value[].name' --output tsv \
    --url "https://management.azure.com$vault/secrets?api-version=2025-05-01")
fi
for secret in PSEUDONYM_KEY SHOPPER_TOKEN_KEY; do
  eval "given=\${$secret:-}"
  name=$(printf %s "$secret" | tr _ -)
  if [ -z "$given" ] && ! printf '%s\n' "$kept" | grep -qx "$name"; then
    azd env set "$secret" "$(node -p 'require("node:crypto").randomBytes(48).toString("base64")')"
  fi
done
