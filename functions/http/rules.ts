import { bindHttp } from '../../shared/adapters/azure/http.ts'
import { itemRules } from '../../shared/api/recommendations.ts'
import { ports, shop } from '../app.ts'

bindHttp(itemRules({ shop, ports }), ports.log)
