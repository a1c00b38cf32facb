import { bindHttp } from '../../shared/adapters/azure/http.ts'
import { itemRecommendations } from '../../shared/api/recommendations.ts'
import { ports, shop } from '../app.ts'

bindHttp(itemRecommendations({ shop, ports }), ports.log)
