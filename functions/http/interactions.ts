import { bindHttp } from '../../shared/adapters/azure/http.ts'
import { postInteractions } from '../../shared/api/interactions.ts'
import { ports } from '../app.ts'

bindHttp(postInteractions({ ports }), ports.log)
