#!/bin/sh
# Registers the API as an app of the tenant, and prints its client id: AUTH_AUDIENCE. What is registered gets roles that are new.
#   infra/entra/register.sh NAME
set -eu
name=${1:?give the name of the registration, like sidecart-shop}
here=$(dirname "$0")

id=$(az ad app list --filter "displayName eq '$name'" --query '[0].appId' --output tsv)
if [ -z "$id" ]; then
  id=$(az ad app create --display-name "$name" --sign-in-audience AzureADMyOrg --requested-access-token-version 2 \
    --app-roles "@$here/app-roles.json" --query appId --output tsv)
  az ad app update --id "$id" --identifier-uris "api://$id"
  # People may ask for a token by `az account get-access-token`: the scope, and the Azure CLI as a client that needs no consent.
  scope=f10bfa45-2349-477c-a5ee-3908a89df108
  cli=04b07795-8ddb-461a-bbee-02f9e1bf7b46
  app="https://graph.microsoft.com/v1.0/applications(appId='$id')"
  az rest --method PATCH --url "$app" --body "{\"api\":{\"oauth2PermissionScopes\":[{\"id\":\"$scope\",\"value\":\"use\",
    \"type\":\"User\",\"isEnabled\":true,\"adminConsentDisplayName\":\"Use Sidecart\",
    \"adminConsentDescription\":\"Calls Sidecart as the person who is signed in, with the roles that person has\"}]}}"
  az rest --method PATCH --url "$app" --body "{\"api\":{\"preAuthorizedApplications\":[{\"appId\":\"$cli\",
    \"delegatedPermissionIds\":[\"$scope\"]}]}}"
  # Who has no role gets no token.
  az ad sp create --id "$id" --output none
  az ad sp update --id "$id" --set appRoleAssignmentRequired=true
else
  az ad app update --id "$id" --app-roles "@$here/app-roles.json"
fi
printf '%s\n' "$id"
