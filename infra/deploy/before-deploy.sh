#!/bin/sh
# Makes the package, and brings it to the worker first where there is one: it must understand what the API will send it.
set -eu
npm ci
npm run package -- --out dist/sidecart.zip
if [ -n "${WORKER_NAME:-}" ]; then
  az functionapp deployment source config-zip --subscription "$AZURE_SUBSCRIPTION_ID" \
    --resource-group "$AZURE_RESOURCE_GROUP" --name "$WORKER_NAME" --src dist/sidecart.zip
fi
