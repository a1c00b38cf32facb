import { bindHttp } from '../../shared/adapters/azure/http.ts'
import { putPlacement } from '../../shared/api/placements.ts'
import { ports } from '../app.ts'

bindHttp(putPlacement({ ports }), ports.log)
