import { bindHttp } from '../../shared/adapters/azure/http.ts'
import { health } from '../../shared/api/health.ts'
import { ports, shop } from '../app.ts'

bindHttp(health({ shop, ports }), ports.log)
