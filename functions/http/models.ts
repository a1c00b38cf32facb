import { bindHttp } from '../../shared/adapters/azure/http.ts'
import { listModels } from '../../shared/api/models.ts'
import { ports } from '../app.ts'

bindHttp(listModels({ ports }), ports.log)
