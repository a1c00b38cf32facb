#!/usr/bin/env bash
# Deploys the templates, or says what that would change:  infra/deploy/provision.sh create|what-if
# AZURE_ENV_NAME, AZURE_LOCATION and what main.parameters.json names come from the environment, or from SIDECART_VARIABLES as JSON.
# Secrets are left as the vault has them: `azd up` made them.
set -euo pipefail

verb=${1:?create or what-if}
here=$(cd "$(dirname "$0")" && pwd)
parameters=$(mktemp)
trap 'rm -f "$parameters"' EXIT

node "$here/parameters.mjs" >"$parameters"
value() { node -p 'JSON.parse(require("fs").readFileSync(process.argv[1])).parameters[process.argv[2]].value' "$parameters" "$1"; }
az deployment sub "$verb" --name "sidecart-$(value environmentName)" --location "$(value location)" \
  --template-file "$here/../bicep/main.bicep" --parameters "@$parameters"
