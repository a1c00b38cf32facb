import { bindHttp } from '../../shared/adapters/azure/http.ts'
import { listPlacements } from '../../shared/api/placements.ts'
import { ports } from '../app.ts'

bindHttp(listPlacements({ ports }), ports.log)
