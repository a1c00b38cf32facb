import { lakeTables } from '../../shared/lake/tables/lake-tables.ts'

/**
 * What makes every table of the lake a shortcut in a Fabric lakehouse with schemas: `gold.daily_sales` then is there for
 * Spark and, of silver and gold, for the SQL endpoint and Power BI. Nothing is copied.
 * Source: learn.microsoft.com/rest/api/fabric/core/onelake-shortcuts/create-shortcut
 */
export function fabricScript(): string {
  return `#!/usr/bin/env bash
# The lake as shortcuts in a Fabric lakehouse (made with schemas). Made by \`npm run sql -- --scripts\` from
# shared/lake/tables/; may be run again: a shortcut that is there is written over.
#   az login
#   WORKSPACE=guid LAKEHOUSE=guid CONNECTION=guid ACCOUNT=name bash fabric-shortcuts.sh
# CONNECTION is a Fabric connection of the kind Azure Blobs to https://ACCOUNT.blob.core.windows.net whose identity has the
# role Storage Blob Data Reader. A table that has not been written yet makes a shortcut that shows no table.
set -euo pipefail
: "\${WORKSPACE:?the id of the Fabric workspace}" "\${LAKEHOUSE:?the id of the lakehouse}"
: "\${CONNECTION:?the id of the connection}" "\${ACCOUNT:?the name of the storage account}"

shortcut() {
  local layer=$1 table=$2
  echo "$layer.$table"
  az rest --only-show-errors --output none --method post --resource https://api.fabric.microsoft.com \\
    --url "https://api.fabric.microsoft.com/v1/workspaces/$WORKSPACE/items/$LAKEHOUSE/shortcuts?shortcutConflictPolicy=CreateOrOverwrite" \\
    --body "{\\"path\\": \\"Tables/$layer\\", \\"name\\": \\"$table\\", \\"target\\": {\\"azureBlobStorage\\": {
      \\"connectionId\\": \\"$CONNECTION\\", \\"location\\": \\"https://$ACCOUNT.blob.core.windows.net\\", \\"subpath\\": \\"/$layer/$table\\"}}}"
}

${lakeTables.map(({ path }) => `shortcut ${path.replace('/', ' ')}`).join('\n')}
`
}
