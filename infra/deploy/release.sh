#!/usr/bin/env bash
# Brings a package to the apps of an installation, the worker first: it must understand what the API will send it.
#   infra/deploy/release.sh PACKAGE.zip
# AZURE_ENV_NAME, SIDECART_API_CLIENT_ID; who is signed in has the role reader of the API (infra/entra/assign.sh).
set -euo pipefail

package=${1:?the package to deploy}
here=$(cd "$(dirname "$0")" && pwd)
output() { az deployment sub show --name "sidecart-${AZURE_ENV_NAME:?}" --query "properties.outputs.$1.value" --output tsv; }

RESOURCE_GROUP=$(output AZURE_RESOURCE_GROUP)
STORAGE_ACCOUNT=$(output STORAGE_ACCOUNT)
URL=$(output API_URL)
APPS=
for app in $(output WORKER_NAME) $(output API_NAME); do
  # func-NAME-…: its container is deployments-NAME.
  APPS+="$app deployments-$(cut -d- -f2 <<<"$app")"$'\n'
done
SIDECART_TOKEN=$(az account get-access-token --scope "api://${SIDECART_API_CLIENT_ID:?}/.default" --query accessToken --output tsv)
if [ -n "${GITHUB_ACTIONS:-}" ]; then echo "::add-mask::$SIDECART_TOKEN"; fi

export RESOURCE_GROUP STORAGE_ACCOUNT URL APPS SIDECART_TOKEN
exec "$here/deploy.sh" "$package"
