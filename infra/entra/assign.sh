#!/bin/sh
# Gives a person, a group or a program a role of the API.
#   infra/entra/assign.sh CLIENT_ID ROLE PRINCIPAL
#     CLIENT_ID   what register.sh printed
#     ROLE        reader, writer, operator, admin or privacy
#     PRINCIPAL   object id of the person, group or service principal
set -eu
client=${1:?give the client id of the API, as register.sh prints it}
role=${2:?give a role: reader, writer, operator, admin or privacy}
principal=${3:?give the object id of a person, a group or a service principal}

api=$(az ad sp show --id "$client" --query id --output tsv)
role_id=$(az ad sp show --id "$client" --query "appRoles[?value=='$role'].id" --output tsv)
if [ -z "$role_id" ]; then
  echo "The API has no role $role: give reader, writer, operator, admin or privacy" >&2
  exit 1
fi
az rest --method POST --url "https://graph.microsoft.com/v1.0/servicePrincipals/$api/appRoleAssignedTo" \
  --body "{\"principalId\":\"$principal\",\"resourceId\":\"$api\",\"appRoleId\":\"$role_id\"}" --output none
