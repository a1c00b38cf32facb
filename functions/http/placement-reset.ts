import { bindHttp } from '../../shared/adapters/azure/http.ts'
import { deletePlacement } from '../../shared/api/placements.ts'
import { ports } from '../app.ts'

bindHttp(deletePlacement({ ports }), ports.log)
