#!/usr/bin/env bash
# The lake as shortcuts in a Fabric lakehouse (made with schemas). Made by `npm run sql -- --scripts` from
# shared/lake/tables/; may be run again: a shortcut that is there is written over.
#   az login
#   WORKSPACE=guid LAKEHOUSE=guid CONNECTION=guid ACCOUNT=name bash fabric-shortcuts.sh
# CONNECTION is a Fabric connection of the kind Azure Blobs to https://ACCOUNT.blob.core.windows.net whose identity has the
# role Storage Blob Data Reader. A table that has not been written yet makes a shortcut that shows no table.
set -euo pipefail
: "${WORKSPACE:?the id of the Fabric workspace}" "${LAKEHOUSE:?the id of the lakehouse}"
: "${CONNECTION:?the id of the connection}" "${ACCOUNT:?the name of the storage account}"

shortcut() {
  local layer=$1 table=$2
  echo "$layer.$table"
  az rest --only-show-errors --output none --method post --resource https://api.fabric.microsoft.com \
    --url "https://api.fabric.microsoft.com/v1/workspaces/$WORKSPACE/items/$LAKEHOUSE/shortcuts?shortcutConflictPolicy=CreateOrOverwrite" \
    --body "{\"path\": \"Tables/$layer\", \"name\": \"$table\", \"target\": {\"azureBlobStorage\": {
      \"connectionId\": \"$CONNECTION\", \"location\": \"https://$ACCOUNT.blob.core.windows.net\", \"subpath\": \"/$layer/$table\"}}}"
}

shortcut bronze orders
shortcut bronze order_items
shortcut bronze products
shortcut bronze customers
shortcut bronze ratings
shortcut bronze interactions
shortcut bronze catalog_changes
shortcut silver products
shortcut silver customers
shortcut silver order_headers
shortcut silver order_lines
shortcut silver ratings
shortcut silver interactions
shortcut silver logins
shortcut silver orders
shortcut silver sessions
shortcut silver baskets
shortcut silver users
shortcut silver implicit_scores
shortcut quarantine products
shortcut quarantine customers
shortcut quarantine order_headers
shortcut quarantine order_lines
shortcut quarantine ratings
shortcut quarantine interactions
shortcut quarantine logins
shortcut gold dim_date
shortcut gold dim_products
shortcut gold dim_customers
shortcut gold fact_transactions
shortcut gold daily_sales
shortcut gold customer_segments
shortcut gold recommendation_metrics
shortcut gold training_interactions
shortcut gold training_baskets
shortcut gold training_impressions
shortcut gold assoc_rules
shortcut gold item_sim
shortcut gold user_topn
shortcut gold model_metrics
