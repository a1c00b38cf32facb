import { bindHttp } from '../../shared/adapters/azure/http.ts'
import { rollbackModel } from '../../shared/api/models.ts'
import { ports } from '../app.ts'

bindHttp(rollbackModel({ ports }), ports.log)
