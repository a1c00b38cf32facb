import { bindHttp } from '../../shared/adapters/azure/http.ts'
import { userRecommendations } from '../../shared/api/recommendations.ts'
import { ports, shop } from '../app.ts'

bindHttp(userRecommendations({ shop, ports }), ports.log)
