#!/usr/bin/env bash
# Puts a package on the apps of a deployment and asks whether they serve; when they do not, the packages of before are put back.
#
#   infra/deploy/deploy.sh PACKAGE.zip
#
# RESOURCE_GROUP, STORAGE_ACCOUNT, URL   as `az deployment sub show` puts them out
# APPS                                   lines of `APP CONTAINER`: the Function App and the container that holds its package
# SIDECART_TOKEN                         for the smoke test: role reader
# SMOKE                                  options of the smoke test, like `--empty`
set -euo pipefail

package=${1:?the package to deploy}
: "${RESOURCE_GROUP:?}" "${STORAGE_ACCOUNT:?}" "${URL:?}" "${APPS:?}"
here=$(cd "$(dirname "$0")" && pwd)
before=$(mktemp -d)
trap 'rm -rf "$before"' EXIT

# Flex Consumption keeps the package that is live under this name.
live=released-package.zip

each_app() {
  local app container
  while read -r app container; do
    # An az that reads its input would take the lines of the next apps. Within an `if`, bash does not stop by itself.
    if [ -n "$app" ]; then "$1" "$app" "$container" </dev/null || return 1; fi
  done <<<"$APPS"
}

keep() {
  local found
  found=$(az storage blob exists --auth-mode login --account-name "$STORAGE_ACCOUNT" --container-name "$2" --name "$live" --query exists --output tsv)
  if [ "$found" = true ]; then
    az storage blob download --auth-mode login --account-name "$STORAGE_ACCOUNT" --container-name "$2" --name "$live" \
      --file "$before/$1.zip" --output none
  else
    echo "$1 has no package yet: there is none to return to"
  fi
}

put() {
  az functionapp deployment source config-zip --resource-group "$RESOURCE_GROUP" --name "$1" --src "$2" --output none
}

put_new() {
  echo "$1 gets $package"
  put "$1" "$package"
}

put_back() {
  if [ -f "$before/$1.zip" ]; then
    echo "$1 gets the package of before"
    put "$1" "$before/$1.zip" || echo "::error::$1 could not be returned to the package of before"
  fi
}

serves() {
  # shellcheck disable=SC2086
  node "$here/smoke.mjs" --url "$URL" "$@" ${SMOKE:-}
}

each_app keep
if each_app put_new && serves --version "$(unzip -p "$package" package.json | node -p 'JSON.parse(require("fs").readFileSync(0)).version')"; then
  echo "deployed"
  exit 0
fi

echo "::error::The new package does not serve: the one before is put back"
each_app put_back
serves || echo "::error::The package of before does not serve either: see docs/runbook.md"
exit 1
