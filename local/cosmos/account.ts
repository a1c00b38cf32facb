import { CosmosError } from './errors.ts'
import type { Call, Reply } from './http.ts'

const REGION = 'Local'

/** The account's description: one region that is read and written at the address the server itself was reached by. */
export function accountReply(call: Call, url: string): Reply {
  if (call.method !== 'GET') throw new CosmosError(405, `The method ${call.method} is not allowed on the account.`)
  const locations = [{ name: REGION, databaseAccountEndpoint: url }]
  const body = JSON.stringify({
    _self: '',
    id: 'sidecart-local',
    _rid: 'sidecart-local',
    media: '//media/',
    addresses: '//addresses/',
    _dbs: '//dbs/',
    writableLocations: locations,
    readableLocations: locations,
    enableMultipleWriteLocations: false,
    userReplicationPolicy: { asyncReplication: false, minReplicaSetSize: 1, maxReplicasetSize: 4 },
    userConsistencyPolicy: { defaultConsistencyLevel: 'Session' },
    systemReplicationPolicy: { minReplicaSetSize: 1, maxReplicasetSize: 4 },
    readPolicy: { primaryReadCoefficient: 1, secondaryReadCoefficient: 1 },
    queryEngineConfiguration: JSON.stringify({ maxSqlQueryInputLength: 262144, maxJoinsPerSqlQuery: 10 }),
  })
  return { status: 200, charge: 0, body }
}
