import { bindHttp } from '../../shared/adapters/azure/http.ts'
import { trending } from '../../shared/api/recommendations.ts'
import { ports, shop } from '../app.ts'

bindHttp(trending({ shop, ports }), ports.log)
