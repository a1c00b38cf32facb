import { lakeTables } from '../../shared/lake/tables/lake-tables.ts'
import type { Column, Table } from '../../shared/lake/tables/table.ts'

/**
 * What makes every table of the lake a view in a Synapse serverless SQL pool, with explicit columns: types are not guessed
 * from files, and texts compare as UTF-8. Source: learn.microsoft.com/azure/synapse-analytics/sql/query-delta-lake-format
 */
export function synapseScript(): string {
  const layers = [...new Set(lakeTables.map(layerOf))]
  return `${[head, ...layers.map(dataSource), ...lakeTables.map(view)].join('\nGO\n\n')}\nGO\n`
}

const head = `-- The lake as views in a Synapse serverless SQL pool, in a database of its own (not master). Made by
-- \`npm run sql -- --scripts\` from shared/lake/tables/; may be run again whenever tables get columns.
--   sqlcmd -S WORKSPACE-ondemand.sql.azuresynapse.net -d sidecart -G -v account=ACCOUNT -i synapse-serverless.sql
-- The workspace's managed identity needs the role Storage Blob Data Reader on the storage account.
-- Bronze may hold further columns, as they came: OPENROWSET without WITH shows them.
IF NOT EXISTS (SELECT * FROM sys.symmetric_keys WHERE name = '##MS_DatabaseMasterKey##') CREATE MASTER KEY;
IF NOT EXISTS (SELECT * FROM sys.database_scoped_credentials WHERE name = 'sidecart')
  CREATE DATABASE SCOPED CREDENTIAL sidecart WITH IDENTITY = 'Managed Identity';`

const dataSource = (layer: string): string => `IF SCHEMA_ID('${layer}') IS NULL EXEC('CREATE SCHEMA ${layer}');
IF NOT EXISTS (SELECT * FROM sys.external_data_sources WHERE name = 'sidecart_${layer}')
  CREATE EXTERNAL DATA SOURCE sidecart_${layer}
  WITH (LOCATION = 'https://$(account).blob.core.windows.net/${layer}', CREDENTIAL = sidecart);`

function view(table: Table): string {
  const layer = layerOf(table)
  const name = table.path.slice(layer.length + 1)
  const columns = table.columns.map(column => `    ${bracketed(column.name)} ${sqlType(column, layer)}`)
  return `-- ${table.about}
CREATE OR ALTER VIEW ${layer}.${bracketed(name)} AS
SELECT * FROM OPENROWSET(BULK '${name}', DATA_SOURCE = 'sidecart_${layer}', FORMAT = 'DELTA')
  WITH (
${columns.join(',\n')}
  ) AS rows;`
}

/** Of raw rows and messages nobody knows the length. */
const unbounded = new Set(['bronze', 'quarantine'])
const types: Readonly<Record<string, string>> = {
  long: 'bigint',
  integer: 'int',
  double: 'float',
  boolean: 'bit',
  date: 'date',
  timestamp: 'datetime2(6)',
}

/** @throws RangeError for a type this script has no word for */
function sqlType({ name, type }: Column, layer: string): string {
  if (type === 'string') {
    return `varchar(${unbounded.has(layer) ? 'max' : '8000'}) COLLATE Latin1_General_100_BIN2_UTF8`
  }
  const known = types[type]
  if (known === undefined) throw new RangeError(`Cannot write the column ${name} for Synapse: its type is ${type}`)
  return known
}

const layerOf = ({ path }: Table): string => path.slice(0, path.indexOf('/'))
const bracketed = (name: string): string => `[${name}]`
